// Who runs where, and when. Called by the calls that make and end threads (fork.cc, exit.cc), by sleep.cc
// and by traps (door.h).
#pragma once
#include <utility>

#include "arch/cpu.h"
#include "core/process.h"
#include "core/thread.h"
#include "lib/result.h"
#include "sched/run_queue.h"

namespace sched {

extern RunQueue* run_queues[];  // a CPU each; none where no CPU runs

// Effect: a thread of `process` (none: of the kernel) that will begin with `entry`, on a kernel stack of
// its own; kNew. It is one of the process's owners. ENOMEM. Context: may sleep.
Result<core::Thread*> make_thread(RefPtr<core::Process> process, void (*entry)());

// Effect: gives back a thread that was never started.
void discard_thread(core::Thread& thread);

// Effect: the thread has its turn from now on, maybe before this returns: it must be complete. Context:
// any, as sync::wake.
void start_thread(core::Thread& thread);

// Effect: the thread that runs never runs again; its stack and itself are given back by whoever runs next.
// Context: a thread, no spinlock held.
[[noreturn]] void end_thread();

// Effect: lets others run first, if somebody waits for this CPU (sched_yield(2)). Context: may sleep.
void yield();

// ---- for sleep.cc, schedule.cc, times.cc ----

// Effect: locks the run queue that `thread` belongs to, and returns it. Context: interrupts off.
RunQueue& lock_queue_of(ThreadPart& thread);
inline void unlock(RunQueue& queue) NO_THREAD_SAFETY_ANALYSIS { queue.lock.release(); }

// Effect: gives this CPU to whoever is next. The caller has set the state of the thread that runs, if it
// does not merely wait for its next turn. It returns when the thread has its turn again, on whatever CPU,
// and the lock is given back. Context: interrupts off, this CPU's run queue is locked and nothing else.
void switch_away(RunQueue& queue);

// Effect: a thread that was blocked waits for its turn from now on; on the best CPU that it may use. The
// lock of `queue`, its queue, is given back. Context: interrupts off.
void make_ready(RunQueue& queue, ThreadPart& thread);

// While the guard lives, interrupts are off and the run queue of a thread is locked. Context: any.
class QueueGuard {
public:
    explicit QueueGuard(ThreadPart& thread) : queue_(&lock_queue_of(thread)) {}
    ~QueueGuard() {
        if (queue_ != nullptr) unlock(*queue_);
    }
    QueueGuard(const QueueGuard&) = delete;
    QueueGuard& operator=(const QueueGuard&) = delete;

    RunQueue* operator->() const { return queue_; }

    // Effect: the lock is somebody else's to give back (make_ready).
    RunQueue& hand_over() { return *std::exchange(queue_, nullptr); }

private:
    arch::InterruptGuard interrupts_;
    RunQueue* queue_;
};

}  // namespace sched
