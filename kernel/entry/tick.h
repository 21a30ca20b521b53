// The timer: starts when the first program does.
#pragma once
#include "arch/per_cpu.h"

namespace entry {

// Effect: arms this CPU's timer for the first time. Context: interrupts off.
void start_ticks(arch::Cpu& cpu);

// Effect: serves the timer interrupt that this CPU has just taken: counts it in cpu.ticks, arms the
// timer for the next deadline (time::next_deadline, from the one that has passed: cpu.next_deadline
// keeps it), and asks the thread that runs, if any, to give way before it goes on in user mode
// (core::Work::kReschedule). Context: interrupt.
void handle_tick(arch::Cpu& cpu);

}  // namespace entry
