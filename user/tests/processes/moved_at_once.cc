// A program that makes no calls leaves its CPU when it is sent away by another process. The row runs without
// ticks: without an interrupt of the CPU that sends it away, it stays where it is for ever.
#include "cairn/children.h"
#include "proc_files.h"

// The CPU that a process runs on or ran on last; its number is field 39.
static long cpu_of(long pid) { return proc::read_stat(pid) == 52 ? proc::fields[39] : -1; }

static long number_of(uint64_t cpu) {
    long number = 0;
    while ((cpu >> number & 1) == 0) number++;
    return number;
}

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
    auto* count = shared<volatile uint64_t>();
    long pid = start_child([=] {
        sys_sched_setaffinity(0, sizeof cpus[1], &cpus[1]);
        for (;;) *count = *count + 1;
        return 0;
    });
    while (*count < 1000) sys_sched_yield();
    CHECK(cpu_of(pid), number_of(cpus[1]));
    CHECK(sys_sched_setaffinity(static_cast<int>(pid), sizeof cpus[2], &cpus[2]), 0);
    while (cpu_of(pid) != number_of(cpus[2])) sys_sched_yield();
    uint64_t before = *count;
    while (*count < before + 1000) sys_sched_yield();  // it goes on there
    wrong += sys_kill(static_cast<int>(pid), SIGKILL) != 0;
    wrong += differs("child", wait_for(pid), killed_by(SIGKILL));
    CHECK(wrong, 0);
}
