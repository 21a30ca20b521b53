// Three processes on one CPU, each with patterns of its own in every register, for many time slices.
#include "cairn/children.h"
#include "cairn/cpu.h"

static constexpr uint64_t kProcesses = 3;

static uint64_t keeps(uint64_t mine, uint64_t spins) {
    cairn::Registers patterns, seen;
    cairn::draw_patterns(patterns, mine);
    cairn::cpu_registers_over_spin(patterns, seen, spins);
    cairn::note_differences(patterns, seen);
    return cairn::digest(seen) != cairn::digest(patterns);
}

TEST(
    "Programs that take turns without knowing it keep their own registers, whichever program ran "
    "between.") {
    uint64_t one_cpu = 1, spins = argument_number(1, 1'500'000);
    CHECK(sys_sched_setaffinity(0, sizeof one_cpu, &one_cpu), 0);
    long pids[kProcesses];
    for (uint64_t i = 0; i < kProcesses; i++) {
        pids[i] = start_child([=] { return keeps(secret(50 + i), spins) + 20 + i; });
    }
    CHECK(keeps(0, spins), 0);
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < kProcesses; i++) {
        wrong += differs("child", wait_for(pids[i]), exited(static_cast<int>(20 + i)));
    }
    CHECK(wrong, 0);
}
