// The two halves of sleeping that the scheduler has a part in. Called by sync::sleep() and sync::wake().
#pragma once
#include "sched/door.h"

namespace sched {

// Effect: the thread that runs gives its CPU away until it is woken, if nobody has woken it since
// prepare_to_sleep(). Context: interrupts off, no spinlock held.
void block(ThreadPart& self);

// Effect: the thread does not sleep any more, and not when it is about to. Context: interrupts off.
void wake_thread(ThreadPart& thread);

}  // namespace sched
