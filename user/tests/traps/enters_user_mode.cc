// No system call until the very end: the host stops the machine at the label and reads the
// registers, which must hold secret(0), secret(1)…: then the program really ran, with the stack and
// the registers that it needs.
#include "cairn/check.h"
#include "cairn/cpu.h"

TEST("The kernel enters user mode at the program's entry point with its stack.") {
    cairn::Registers patterns;
    cairn::draw_patterns(patterns);
    cairn::cpu_die_breakpoint(patterns);
}
