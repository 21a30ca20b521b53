// A timer interrupt comes between any two instructions. The program cannot see it: all registers
// are patterns here.
#include "cairn/check.h"
#include "cairn/cpu.h"

TEST("A program that is interrupted by the timer finds every register as it was.") {
    cairn::Registers patterns, seen;
    cairn::draw_patterns(patterns);
    cairn::cpu_registers_over_spin(patterns, seen, argument_number(1, 4'000'000));

    cairn::note_differences(patterns, seen);
    CHECK(cairn::digest(seen), cairn::digest(patterns));
}
