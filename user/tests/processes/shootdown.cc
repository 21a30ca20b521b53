// Two CPUs in one address space: what one unmaps or protects, the other cannot use any more.
#include "cairn/children.h"

static uint8_t stack[8192];
static volatile uint64_t page, writes;

static long write_for_ever(void*) {
    for (uint64_t i = 1;; i++) {
        *at(page) = i;
        writes = i;
    }
}

static long start_writer() {
    page = map_memory(PAGE);
    writes = 0;
    long pid = clone_calling(CLONE_VM | SIGCHLD, stack + sizeof stack, write_for_ever, nullptr,
                             nullptr, nullptr, 0);
    while (writes < 1000) sys_sched_yield();
    return pid;
}

TEST(
    "After mprotect and munmap have returned no other CPU writes to the page, and who tries is "
    "ended.") {
    CHECK(limit_to(RLIMIT_CORE, 0), 0);
    uint64_t wrong = 0, next = map_memory(PAGE);
    for (uint64_t i = 0; i < argument_number(1, 20); i++) {
        long writer = start_writer();
        wrong += sys_mprotect(page, PAGE, PROT_READ) != 0;
        uint64_t last = *at(page);
        for (int n = 0; n < 2000; n++) wrong += *at(page) != last;
        wrong += differs("writer", wait_for(writer), killed_by(SIGSEGV));
        writer = start_writer();
        wrong += sys_munmap(page, PAGE) != 0;
        // Whoever gets the frame next is not disturbed.
        sys_mmap(next, PAGE, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0);
        *at(next) = secret(i);
        for (int n = 0; n < 2000; n++) wrong += *at(next) != secret(i);
        wrong += differs("writer", wait_for(writer), killed_by(SIGSEGV));
        sys_mmap(next, PAGE, PROT_NONE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0);
    }
    CHECK(wrong, 0);
}
