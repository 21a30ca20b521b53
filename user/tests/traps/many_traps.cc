// The kernel's stack is as deep after a call as before it: a few bytes lost in each would be
// noticed here.
#include "cairn/check.h"
#include "cairn/cpu.h"
#include "cairn/syscall.h"

TEST("Two hundred thousand system calls leave the kernel's stack where it was.") {
    cairn::Registers patterns, seen;
    cairn::draw_patterns(patterns);
    cairn::cpu_registers_over_calls(patterns, seen, __NR_getppid, argument_number(1, 200'000));
    CHECK(seen[cairn::kLimitRegister], secret(cairn::kLimitRegister));
    CHECK(sys_getpid(), sys_gettid());
}
