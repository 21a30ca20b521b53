// Floating-point registers belong to the program, whoever uses the unit between two of its
// instructions. Several rounds: what another owner leaves in a few bits is sometimes what was there.
#include "cairn/check.h"
#include "cairn/cpu.h"

static constexpr uint64_t kRounds = 8;

TEST("Floating-point registers and their control word keep their values over preemption.") {
    uint64_t changed = 0;
    for (uint64_t round = 0; round < kRounds && changed == 0; round++) {
        cairn::Floats patterns, seen;
        cairn::draw_patterns(patterns);
        for (uint64_t& pattern : patterns) pattern ^= secret(100 + round);
        patterns[cairn::kFloatRegisters - 1] &= cairn::kFloatControlMask;
        cairn::cpu_floats_over_spin(patterns, seen, argument_number(1, 2'000'000) / kRounds * 2);
        cairn::note_differences(patterns, seen);
        changed += cairn::digest(seen) != cairn::digest(patterns);
    }
    CHECK(changed, 0);
}
