// Who is whose child, and in which group and session: one lock over all of it, and what everybody does with
// it. Called by fork.cc, exit.cc, wait.cc and by the system calls about processes.
//
// Owners: a process belongs to its thread and, from fork until it is reaped, to the family; whoever wants to
// keep it longer takes a RefPtr while the lock is held.
#pragma once
#include "core/process.h"
#include "core/thread.h"
#include "sync/spinlock.h"
#include "task/pids.h"

namespace task {

extern sync::SpinLock family_lock;
extern PidTable pids GUARDED_BY(family_lock);

// Effect: `thread` is the thread of the first process, pid 1, which leads its group and its session. ENOMEM.
// Context: boot.
Result<void> establish_family(core::Thread& thread);

// The first process; orphans become its children. Context: any.
core::Process& first_process();
inline bool is_first(const core::Process& process) { return &process == &first_process(); }

// ---- asking ----

// The process of this pid, alive or a zombie; null: there is none.
core::Process* find_process(int pid) REQUIRES(family_lock);
// The same; 0 is the process that calls.
core::Process* process_asked_for(int pid) REQUIRES(family_lock);
// The thread of this tid, until it ends; null: there is none. 0 is the thread that calls.
core::Thread* thread_asked_for(int tid) REQUIRES(family_lock);
// The process, with an owner. ESRCH.
Result<RefPtr<core::Process>> get_process(int pid);

inline bool is_alive(const core::Process& process) REQUIRES(family_lock) {
    return process.task.state == ProcessState::kAlive;
}
// A zombie has those that its thread had in the end.
const core::Credentials& credentials_of(const core::Process& process) REQUIRES(family_lock);
// What it has used up until now, its running thread included.
Usage usage_of(const core::Process& process) REQUIRES(family_lock);
int parent_pid(const core::Process& process) REQUIRES(family_lock);

// Effect: calls visit(process) for each process, zombies too, in the order of pids.
template <typename Visit>
void for_each_process(Visit visit) REQUIRES(family_lock) {
    for (PidEntry* at = pids.first_not_below(0); at != nullptr; at = PidTable::next(*at)) {
        if (at->process != nullptr) visit(*at->process);
    }
}

// How many threads have not ended, and how many are allowed, by the size of memory (/proc/sys/kernel/
// threads-max).
unsigned count_threads() REQUIRES(family_lock);
// How many processes there have ever been.
uint64_t count_forks() REQUIRES(family_lock);
unsigned most_threads();

// ---- changing ----

// Effect: `child` is alive, with the number of `entry`, a child of `parent` (none: the first process) and in
// the group and session of `like`, itself if none. EAGAIN: no number is free.
Result<void> enter_family(core::Process& child, core::Thread& thread, PidEntry& entry,
                          ProcessPart* parent, const ProcessPart* like) REQUIRES(family_lock);

// Effect: it is a member of this group from now on.
void join_group(ProcessPart& process, PidEntry& group) REQUIRES(family_lock);
// Effect: it founds a session and a group of its own number.
void establish_session(ProcessPart& process) REQUIRES(family_lock);

// Effect: a thread of `process` begins: it has the number of `entry`, its tid.
void add_thread(ProcessPart& process, core::Thread& thread, PidEntry& entry) REQUIRES(family_lock);
// Effect: a thread that ends is not found any more. Context: an InterruptGuard lives, or what follows is its
// last switch.
void remove_thread(core::Thread& thread) REQUIRES(family_lock);

// Effect: a zombie is known to nobody any more, and its numbers are let go. Its parent's share in it is
// returned, for the caller to drop without the lock.
RefPtr<core::Process> bury(ProcessPart& zombie) REQUIRES(family_lock);

}  // namespace task
