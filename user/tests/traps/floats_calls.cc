// Floating-point registers belong to the program, whoever uses the unit between two of its
// instructions.
#include "cairn/check.h"
#include "cairn/cpu.h"
#include "cairn/syscall.h"

TEST("Floating-point registers and their control word keep their values over a system call.") {
    cairn::Floats patterns, seen;
    cairn::draw_patterns(patterns);
    cairn::cpu_floats_over_calls(patterns, seen, __NR_getpid, 3);
    cairn::note_differences(patterns, seen);
    CHECK(cairn::digest(seen), cairn::digest(patterns));
}
