// What fork(2) does to an address space: each side sees its own writes. Only Linux runs this program; our
// kernel has no fork at this step, and copies an address space in a self-test (selftest=clone).
#include "cairn/check.h"
#include "cairn/memory.h"

static constexpr uint64_t kPages = 64;

static long fork_process() { return system_call(__NR_clone, 17 /* SIGCHLD */, 0, 0, 0, 0, 0); }

// Every third page is written to by the child, every third by the parent.
static uint64_t write_and_look(uint64_t memory, uint64_t mine, uint64_t value) {
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < kPages; i++) {
        if (i % 3 == mine) *at(memory + i * PAGE) = value + i;
    }
    for (uint64_t i = 0; i < kPages; i++) {
        wrong += *at(memory + i * PAGE) != (i % 3 == mine ? value : secret(0)) + i;
    }
    return wrong;
}

TEST("After an address space was copied, each side sees its own writes and not the other's.") {
    uint64_t memory = map_memory(kPages * PAGE);
    uint64_t shared = sys_mmap(0, PAGE, READ_WRITE, SHARED_ANONYMOUS, -1, 0);
    for (uint64_t i = 0; i < kPages; i++) *at(memory + i * PAGE) = secret(0) + i;
    long child = fork_process();
    if (child == 0) {
        *at(shared) = secret(2);
        sys_exit_group(static_cast<int>(write_and_look(memory, 0, secret(1))));
    }
    CHECK(write_and_look(memory, 1, secret(3)), 0);
    int status = -1;
    CHECK(system_call(__NR_wait4, child, reinterpret_cast<long>(&status), 0, 0, 0, 0), child);
    CHECK(status, 0);
    CHECK(write_and_look(memory, 1, secret(3)), 0);
    CHECK(*at(shared), secret(2));
}
