// SIGTRAP: the host compares the report with the value below and the registers with secret(0),
// secret(1)…
#include "cairn/check.h"
#include "cairn/cpu.h"

TEST("A breakpoint ends the program with the pc that its CPU gives.") {
    cairn::Registers patterns;
    cairn::draw_patterns(patterns);
    VALUE(cairn::cpu_die_breakpoint_pc + cairn::kBreakpointBytes);
    cairn::finish();
    cairn::cpu_die_breakpoint(patterns);
}
