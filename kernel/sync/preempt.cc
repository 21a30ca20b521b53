// Contract: sync/preempt.h.
#include "sync/preempt.h"

#include "lib/random.h"
#include "sched/door.h"

namespace sync {

// With interrupts off it stays due: where they are turned on again is a scheduling point, too (spinlock.h).
void preempt_if_possible() {
    if (!arch::interrupts_enabled()) return;
    const arch::InterruptGuard interrupts;
    arch::Cpu& cpu = *arch::this_cpu();
    if (cpu.preempt_count == 0 && cpu.interrupt_depth == 0) sched::preempt_kernel(cpu);
}

#ifndef NDEBUG

namespace {

// Each CPU has its own numbers, used with interrupts off.
struct Numbers {
    lib::Random random{0};
};
constinit Numbers numbers[arch::kMaxCpus];
uint64_t odds = 2;  // a switch at one scheduling point in so many

}  // namespace

// Some races want many switches, others one in the right place and none before: odds are drawn, too.
void begin_to_draw_switches(uint64_t seed) {
    lib::Random random{seed};
    odds = uint64_t{2} << random.below(6);
    for (Numbers& of_cpu : numbers) of_cpu.random = lib::Random{random.next()};
    draws_switches = true;
}

void stop_drawing_switches() { draws_switches = false; }

void draw_switch() {
    if (!arch::interrupts_enabled()) return;
    arch::InterruptGuard interrupts;
    const arch::Cpu& cpu = *arch::this_cpu();
    if (cpu.preempt_count != 0 || cpu.interrupt_depth != 0) return;
    if (numbers[cpu.index].random.below(odds) == 0) let_others_run();
}

#else

void begin_to_draw_switches(uint64_t) {}
void stop_drawing_switches() {}

#endif

}  // namespace sync
