// What decides about a thread's turns: its nice value, its policy, its CPUs. Told and set by calls
// (sched_syscalls.cc, priority_syscalls.cc), handed on by clone.
#pragma once
#include "core/thread.h"

namespace sched {

// Nice values: from -20, who goes before others, to 19 (sched(7)).
inline constexpr int kNicest = 19, kLeastNice = -20;

constexpr int nearest_nice(int nice) {
    return nice < kLeastNice ? kLeastNice : nice > kNicest ? kNicest : nice;
}

// Whether the caller may change how `thread` is scheduled: the superuser, and who runs as its user
// (sched(7)). Context: family_lock is held.
bool may_schedule(const core::Thread& thread);

// Whether the caller may give `thread` this nice value: the superuser any, others what RLIMIT_NICE allows
// (getrlimit(2): 20 minus the least value), or no less than it has. Context: as above.
bool may_have_nice(const core::Thread& thread, int nice);

// Effect: what it does about the CPU at this moment. Context: any.
ThreadState state_of(core::Thread& thread);

// Effect: a child begins with its parent's share, nice value and affinity. Context: the parent runs.
void copy_schedule(const core::Thread& parent, core::Thread& child);

// Effect: from now on it runs with this weight. Context: any.
void set_nice(core::Thread& thread, int nice);
void set_policy(core::Thread& thread, int policy);

// Effect: from now on its program runs on these CPUs only: at least one that runs. When this returns no other
// CPU executes an instruction of it; the caller itself leaves its CPU on the way to user mode. Context: as
// mm::flush_tlb_of; family_lock is held, so that the thread does not end.
void set_affinity(core::Thread& thread, CpuSet cpus);

// Effect: the thread does this before its program goes on. If another CPU is in the program now, it is
// interrupted. Context: any; the thread does not end meanwhile.
void request_now(core::Thread& thread, core::Work what);

}  // namespace sched
