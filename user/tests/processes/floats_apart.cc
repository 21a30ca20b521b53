// Floating-point registers of three processes on one CPU: the unit is one, its contents are each one's own.
#include "cairn/children.h"
#include "cairn/cpu.h"

static constexpr uint64_t kProcesses = 3;

// Patterns of its own in all registers but the control word, for a loop that never calls the kernel and
// for calls that give the CPU away.
static uint64_t keeps(uint64_t mine, uint64_t spins) {
    cairn::Floats patterns, seen;
    cairn::draw_patterns(patterns);
    for (int i = 0; i + 1 < cairn::kFloatRegisters; i++) patterns[i] ^= mine;
    cairn::cpu_floats_over_spin(patterns, seen, spins);
    cairn::note_differences(patterns, seen);
    uint64_t wrong = cairn::digest(seen) != cairn::digest(patterns);
    cairn::cpu_floats_over_calls(patterns, seen, __NR_sched_yield, 200);
    cairn::note_differences(patterns, seen);
    return wrong + (cairn::digest(seen) != cairn::digest(patterns));
}

TEST("Floating-point registers stay each process's own over preemption, yields and fork.") {
    uint64_t one_cpu = 1, spins = argument_number(1, 1'000'000);
    CHECK(sys_sched_setaffinity(0, sizeof one_cpu, &one_cpu), 0);
    long pids[kProcesses];
    for (uint64_t i = 0; i < kProcesses; i++) {
        pids[i] = start_child([=] { return keeps(secret(90 + i), spins) + 20 + i; });
    }
    CHECK(keeps(0, spins), 0);
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < kProcesses; i++) {
        wrong += differs("child", wait_for(pids[i]), exited(static_cast<int>(20 + i)));
    }
    CHECK(wrong, 0);
}
