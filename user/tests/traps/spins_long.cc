// About a second without one call: the host counts the ticks, or presses Ctrl-T and finds
// secret(0), secret(1)… in the registers and the pc in the loop.
#include "cairn/check.h"
#include "cairn/cpu.h"

TEST("A program that never enters the kernel is interrupted, and its registers can be shown.") {
    cairn::Registers patterns, seen;
    cairn::draw_patterns(patterns);
    VALUE(cairn::cpu_spin_loop);
    cairn::cpu_registers_over_spin(patterns, seen, argument_number(1, 10'000'000));
    cairn::note_differences(patterns, seen);
    CHECK(cairn::digest(seen), cairn::digest(patterns));
}
