// Floating-point registers belong to the program, whoever uses the unit between two of its
// instructions.
#include "cairn/check.h"
#include "cairn/cpu.h"

TEST("Floating-point registers and their control word keep their values over preemption.") {
    cairn::Floats patterns, seen;
    cairn::draw_patterns(patterns);
    cairn::cpu_floats_over_spin(patterns, seen, argument_number(1, 2'000'000));
    cairn::note_differences(patterns, seen);
    CHECK(cairn::digest(seen), cairn::digest(patterns));
}
