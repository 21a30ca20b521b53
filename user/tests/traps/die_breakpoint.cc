// SIGTRAP: the host compares the report with the value below and the registers with secret(0),
// secret(1)…
#include "cairn/check.h"
#include "cairn/cpu.h"

TEST("A breakpoint ends the program with the pc of the breakpoint itself.") {
    cairn::Registers patterns;
    cairn::draw_patterns(patterns);
    VALUE(cairn::cpu_die_breakpoint_pc);
    cairn::finish();
    cairn::cpu_die_breakpoint(patterns);
}
