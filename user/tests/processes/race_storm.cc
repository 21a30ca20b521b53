// Processes that make processes that make processes; some wait for theirs, some leave them to init.
#include "races.h"

static int storm(uint64_t depth, uint64_t number, volatile uint64_t* count) {
    __atomic_fetch_add(count, 1, __ATOMIC_SEQ_CST);
    if (depth == 0) return 1;
    long pids[3];
    for (uint64_t i = 0; i < 3; i++) {
        races::dawdle(number * 3 + i, 3000);
        pids[i] = start_child([=] { return storm(depth - 1, number * 3 + i, count); });
    }
    if (secret(number) % 3 == 0) return 1;
    int sum = 0;
    for (long pid : pids) sum += wait_for(pid) == exited(1);
    return sum == 3 ? 1 : 0;
}

TEST("In a storm of forks and exits every process runs once and is reaped once, orphans by init.") {
    if (sys_getpid() != 1) sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    uint64_t depth = argument_number(1, 3), all = 0, size = 1;
    for (uint64_t i = 0; i <= depth; i++, size *= 3) all += size;
    auto* count = shared<volatile uint64_t>();
    CHECK_THAT(start_child([=] { return storm(depth, 1, count); }) > 0);
    uint64_t wrong = 0;
    for (int status = -1; sys_wait4(-1, &status, 0, nullptr) > 0;) wrong += status != exited(1);
    CHECK(wrong, 0);
    CHECK(*count, all);
}
