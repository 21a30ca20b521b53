// Ticks come at drawn moments, most of them while the kernel itself runs: neither side may notice.
#include "cairn/check.h"
#include "cairn/cpu.h"
#include "cairn/syscall.h"

TEST("Calls return what they must and registers keep their values wherever the timer strikes.") {
    cairn::Registers patterns, seen;
    cairn::draw_patterns(patterns);
    cairn::cpu_registers_over_calls(patterns, seen, __NR_getpid, argument_number(1, 10'000));
    CHECK(seen[cairn::kResultRegister], sys_getpid());
    for (int i = 0; i < cairn::kRegisters; i++) {
        if (i == cairn::kResultRegister || cairn::changed_by_call(i)) seen[i] = patterns[i];
    }
    cairn::note_differences(patterns, seen);
    CHECK(cairn::digest(seen), cairn::digest(patterns));
}
