// What shall be done at a time: each CPU has a queue of timers and its hardware strikes for the earliest.
//
//   struct Alarm : time::Timer { … };
//   start_timer(alarm, core::now_ns() + 1'000'000);
//
// Next to read: timer_queue.h; tick.h, which shares the hardware with the ticks.
#pragma once
#include <cstdint>

#include "arch/per_cpu.h"
#include "time/timer_queue.h"

namespace time {

// Effect: timer.expire() is called on this CPU once core::now_ns() has reached `deadline_ns`, never
// earlier. The owner must not start a timer that is pending or being cancelled.
// Context: any; locks of ranks before kTimers may be held.
void start_timer(Timer& timer, uint64_t deadline_ns);

// Effect: when this returns, expire() neither runs nor will run. True if it had not begun. Context: any
// CPU, but not the timer's own expire(); no lock held that expire() takes.
bool cancel_timer(Timer& timer);

// Effect: calls expire() of all timers of this CPU that are due. Context: the timer's interrupt, after
// handle_tick(), which has asked next_deadline() for those that are not.
void run_timers(arch::Cpu& cpu);

// Effect: when the hardware must strike for the first timer of this CPU that is not due yet, in clock
// ticks; kNever if there is none. Context: interrupts off.
uint64_t earliest_timer(const arch::Cpu& cpu);

}  // namespace time
