// Who runs where, and when. Called by the calls that make and end threads (fork.cc, exit.cc), by sleep.cc
// and by traps (door.h).
#pragma once
#include "core/process.h"
#include "core/thread.h"
#include "lib/result.h"
#include "task/run_queue.h"

namespace task {

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

// ---- for sleep.cc ----

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

// ---- what others want to know, and to set ----

// How long a thread has run. The whole is measured, at every switch; the parts are as the ticks found them,
// as on Linux.
struct CpuTime {
    uint64_t user_ns, system_ns;
};

// Effect: its CPU time until now. Context: any.
CpuTime cpu_time(core::Thread& thread);

// Effect: what it does about the CPU at this moment. Context: any.
ThreadState state_of(core::Thread& thread);

// Effect: a child begins with its parent's share, nice value and affinity. Context: the parent runs.
void copy_schedule(const core::Thread& parent, core::Thread& child);

// Effect: from now on it runs with this weight, or on these CPUs only: at least one that runs. Context: any.
void set_nice(core::Thread& thread, int nice);
void set_policy(core::Thread& thread, int policy);
void set_affinity(core::Thread& thread, CpuSet cpus);

// How many threads run or want to, of the whole machine (/proc/loadavg).
uint32_t count_ready();

}  // namespace task
