// Threads for the rows host_queue_*: a run queue knows nothing of them but their times and their nice value.
#pragma once

#include "sched/run_queue.h"
// Behind what it checks: sites are counted from here.
#include "cairn/check.h"

namespace host {

// Takes the next thread, lets it run for so long, and puts it back. Null if nobody waits.
inline sched::ThreadPart* run_next(sched::RunQueue& queue, uint64_t ns) {
    sched::ThreadPart* thread = queue.pick_next();
    if (thread == nullptr) return nullptr;
    sched::RunQueue::charge(*thread, ns);
    queue.enqueue(*thread);
    return thread;
}

// A queue that ends must be empty.
inline void empty(sched::RunQueue& queue) {
    while (queue.pick_next() != nullptr) {
    }
}

}  // namespace host
