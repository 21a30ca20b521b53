// SIGFPE: the host compares the report with the value below and the registers with secret(0),
// secret(1)…
#include "cairn/check.h"
#include "cairn/cpu.h"

TEST("A division by zero ends the program, and the report shows its own pc and registers.") {
    cairn::Registers patterns;
    cairn::draw_patterns(patterns);
    VALUE(cairn::cpu_die_divide_pc);
    cairn::finish();
    cairn::cpu_die_divide(patterns);
}
