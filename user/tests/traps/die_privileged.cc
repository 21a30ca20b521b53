// SIGILL: the host compares the report with the value below and the registers with secret(0),
// secret(1)…
#include "cairn/check.h"
#include "cairn/cpu.h"

TEST("An instruction that only the kernel may execute ends the program.") {
    cairn::Registers patterns;
    cairn::draw_patterns(patterns);
    VALUE(cairn::cpu_die_privileged_pc);
    cairn::finish();
    cairn::cpu_die_privileged(patterns);
}
