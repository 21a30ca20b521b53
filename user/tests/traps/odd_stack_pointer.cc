// The stack pointer is the program's: it may hold anything when a trap comes, and no kernel may use
// it.
#include "cairn/check.h"
#include "cairn/cpu.h"
#include "cairn/syscall.h"

TEST("Calls work and the program goes on when its stack pointer is zero.") {
    cairn::Registers patterns, seen;
    cairn::draw_patterns(patterns);
    patterns[cairn::kStackRegister] = 0;
    cairn::cpu_registers_over_calls(patterns, seen, __NR_getpid, 20);
    CHECK(seen[cairn::kResultRegister], sys_getpid());
    CHECK(seen[cairn::kStackRegister], 0);
}
