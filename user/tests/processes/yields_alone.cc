// sched_yield(2) with nobody to yield to.
#include "cairn/check.h"
#include "cairn/cpu.h"
#include "cairn/syscall.h"

TEST("A program that yields a thousand times goes on each time, with all of its registers.") {
    cairn::Registers patterns, seen;
    cairn::draw_patterns(patterns);
    cairn::cpu_registers_over_calls(patterns, seen, __NR_sched_yield, 1000);
    CHECK(seen[cairn::kResultRegister], 0);
    for (int i = 0; i < cairn::kRegisters; i++) {
        if (i == cairn::kResultRegister || cairn::changed_by_call(i)) seen[i] = patterns[i];
    }
    cairn::note_differences(patterns, seen);
    CHECK(cairn::digest(seen), cairn::digest(patterns));
    cairn::Floats floats, floats_seen;
    cairn::draw_patterns(floats);
    cairn::cpu_floats_over_calls(floats, floats_seen, __NR_sched_yield, 1000);
    cairn::note_differences(floats, floats_seen);
    CHECK(cairn::digest(floats_seen), cairn::digest(floats));
}
