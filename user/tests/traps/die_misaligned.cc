// SIGBUS: atomic instructions want an aligned address on this CPU (plain loads do not, in QEMU).
#include "cairn/check.h"
#include "cairn/cpu.h"

TEST("A misaligned atomic instruction ends the program, and the report shows the address.") {
    static uint64_t words[2];
    cairn::Registers patterns;
    cairn::draw_patterns(patterns);
    patterns[cairn::kAddressRegister] = reinterpret_cast<uintptr_t>(words) + 1 + secret(31) % 7;
    VALUE(cairn::cpu_die_misaligned_pc);
    VALUE(patterns[cairn::kAddressRegister]);
    cairn::finish();
    cairn::cpu_die_misaligned(patterns);
}
