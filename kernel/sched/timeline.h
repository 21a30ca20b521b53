// What the scheduler adds to the timeline (core/timeline.h), and the memory that the timeline is kept in.
// Called by scheduler.cc and set_comm(), where the timeline is on.
#pragma once
#include <cstdint>

#include "sched/door.h"

namespace core {
struct Thread;
}

namespace sched {

// Effect: this CPU's records are kept from now on, if there is memory for them. Context: boot.
void begin_timeline(unsigned cpu);

// Effect: `previous` leaves this CPU, and `next` has it. Context: the run queue of this CPU is locked.
void record_switch(const core::Thread& previous, const core::Thread& next);

// Effect: the thread that runs has another name. Context: any.
void record_name(const core::Thread& thread);

// Effect: the thread that runs starts or wakes `thread`, which was in state `before` and will run on that
// CPU, if this is what makes it ready. Context: the run queue of `thread` is locked.
void record_ready(const core::Thread& thread, ThreadState before, uint32_t cpu);

}  // namespace sched
