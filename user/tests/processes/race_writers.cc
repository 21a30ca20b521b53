// Two processes in one address space, and a kernel that copies pages under them.
#include "races.h"

static constexpr uint64_t kPages = 6;
static uint8_t stack[8192];
static uint64_t memory;
static volatile uint64_t rounds, stop, wrong;

// Counts in every page, while the other one forks again and again.
static long count(void*) {
    for (uint64_t n = 1; stop == 0; n++) {
        for (uint64_t i = 0; i < kPages; i++) {
            wrong = wrong + (*at(memory + i * PAGE) != secret(0) + n - 1);
            *at(memory + i * PAGE) = secret(0) + n;
        }
        rounds = n;
    }
    return 9;
}

TEST("No write is lost while another process of the same address space forks.") {
    memory = map_memory(kPages * PAGE);
    for (uint64_t i = 0; i < kPages; i++) *at(memory + i * PAGE) = secret(0);
    long counter = clone_calling(CLONE_VM | SIGCHLD, stack + sizeof stack, count, nullptr, nullptr,
                                 nullptr, 0);
    uint64_t torn = 0;
    for (uint64_t i = 0; i < argument_number(1, 30); i++) {
        races::dawdle(i, 20000);
        // The child's copy does not change any more, and two neighbours differ by one round at most.
        torn += in_child([] {
            uint64_t first = *at(memory), bad = 0;
            for (int turn = 0; turn < 3; turn++, sys_sched_yield()) bad += *at(memory) != first;
            for (uint64_t p = 1; p < kPages; p++) bad += first - *at(memory + p * PAGE) > 1;
            return bad;
        });
    }
    stop = 1;
    CHECK(wait_for(counter), exited(9));
    CHECK(torn, 0);
    CHECK(wrong, 0);
    CHECK_THAT(rounds > 0);
}
