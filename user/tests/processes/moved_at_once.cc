// A program that makes no calls leaves its CPU when it is sent away by another process. The row runs without
// ticks.
#include "cairn/children.h"

TEST(
    "A process that computes goes to another CPU when somebody sends it there, and not at a "
    "tick.") {
    uint64_t masks[16] = {}, cpus[3] = {}, found = 0, wrong = 0;
    CHECK_THAT(sys_sched_getaffinity(0, sizeof masks, masks) > 0);
    for (uint64_t left = masks[0]; left != 0 && found < 3; left &= left - 1)
        cpus[found++] = left & -left;
    if (found < 2) cpus[1] = cpus[0];  // on a machine with fewer CPUs
    if (found < 3) cpus[2] = cpus[0];
    CHECK(sys_sched_setaffinity(0, sizeof cpus[0], &cpus[0]), 0);
    auto* counts = shared<volatile uint64_t[2]>();
    // The second is bound to the CPU that the first must leave.
    long first = start_child([=] {
        sys_sched_setaffinity(0, sizeof cpus[1], &cpus[1]);
        for (;;) (*counts)[0] = (*counts)[0] + 1;
        return 0;
    });
    while ((*counts)[0] < 1000) sys_sched_yield();
    long second = start_child([=] {
        sys_sched_setaffinity(0, sizeof cpus[1], &cpus[1]);
        for (;;) (*counts)[1] = (*counts)[1] + 1;
        return 0;
    });
    CHECK(sys_sched_setaffinity(static_cast<int>(first), sizeof cpus[2], &cpus[2]), 0);
    while ((*counts)[1] < 1000) sys_sched_yield();
    const long pids[] = {first, second};
    for (long pid : pids) {
        wrong += sys_kill(static_cast<int>(pid), SIGKILL) != 0;
        wrong += differs("child", wait_for(pid), killed_by(SIGKILL));
    }
    CHECK(wrong, 0);
}
