// A system call changes the result register and nothing else: not the arguments, not the stack
// pointer, not one of the registers that a function may use freely.
#include "cairn/check.h"
#include "cairn/cpu.h"
#include "cairn/syscall.h"

TEST("Over a system call every register keeps its value, except the one with the result.") {
    cairn::Registers patterns, seen;
    cairn::draw_patterns(patterns);
    cairn::cpu_registers_over_calls(patterns, seen, __NR_getpid, argument_number(1, 10));

    CHECK(seen[cairn::kResultRegister], sys_getpid());
    for (int i = 0; i < cairn::kRegisters; i++) {
        if (i == cairn::kResultRegister || cairn::changed_by_call(i)) seen[i] = patterns[i];
    }
    cairn::note_differences(patterns, seen);
    CHECK(cairn::digest(seen), cairn::digest(patterns));
}
