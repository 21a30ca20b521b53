// The preempt count: while it is not zero, this CPU keeps running what it runs. Context: any.
//
// Where it falls to zero is a scheduling point: a preemption that an interrupt asked for meanwhile happens
// here, and not at the next tick. Debug builds can be asked to switch threads at some of these points, drawn
// from a seed, so that races show on one CPU, and show again.
#pragma once
#include <cstdint>

#include "arch/cpu.h"
#include "arch/per_cpu.h"

namespace sync {

#ifndef NDEBUG
inline constexpr bool kCanDrawSwitches = true;
inline constinit bool draws_switches = false;
// Effect: draws, and switches if it falls so and another thread waits. Context: any.
void draw_switch();
#else
inline constexpr bool kCanDrawSwitches = false;
inline constexpr bool draws_switches = false;
inline void draw_switch() {}
#endif

// Effect: from now on each CPU switches at scheduling points drawn from `seed`; never any more. Context:
// any; release builds draw nothing.
void begin_to_draw_switches(uint64_t seed);
void stop_drawing_switches();

// Effect: the preemption that is due, if nothing forbids it here. Context: any.
void preempt_if_possible();

// Effect: nothing, or another thread's turn first. Context: any.
inline void scheduling_point() {
    if (arch::this_cpu()->preemption_is_due) [[unlikely]]
        preempt_if_possible();
    if (draws_switches) [[unlikely]]
        draw_switch();
}

// Effect: lets whoever waits for this CPU run first. Fulfilled by lab processes (sched/scheduler.cc) or its
// stand-in. Context: interrupts off, preemptible.
void let_others_run();

inline void disable_preemption() { arch::this_cpu()->preempt_count++; }
inline void enable_preemption() {
    arch::this_cpu()->preempt_count--;
    scheduling_point();
}

// For what belongs to a CPU and is used by it alone.
class PreemptGuard {
public:
    PreemptGuard() { disable_preemption(); }
    ~PreemptGuard() { enable_preemption(); }
    PreemptGuard(const PreemptGuard&) = delete;
    PreemptGuard& operator=(const PreemptGuard&) = delete;
};

}  // namespace sync
