// A child that is being made: what fork.cc makes it of, and the steps in between. Next to read: family.h (who
// knows it then), mm/clone.cc (how memory is shared).
//
//     make             copy_thread          publish            start_thread
//     memory, files    registers            pid, family        its turn
//     ─────── may fail, undone by ~NewChild ──────►│◄── cannot fail any more
#pragma once
#include "core/process.h"
#include "core/thread.h"
#include "lib/unique_ptr.h"
#include "task/fork.h"
#include "task/pidfd.h"
#include "task/pids.h"

namespace task {

// A child that nobody knows yet. What was made for it is given back, unless it is published.
class NewChild {
public:
    NewChild() = default;
    ~NewChild();
    NewChild(const NewChild&) = delete;
    NewChild& operator=(const NewChild&) = delete;

    // Effect: a thread with a process, memory and files. ENOMEM, EMFILE, EFAULT.
    Result<void> make(core::Thread& parent, const CloneRequest& request);
    core::Thread& thread() const { return *thread_; }
    RefPtr<core::Process> share_process() const { return RefPtr<core::Process>(*thread_->process); }

    // Effect: the child is in the family and can be found; its pid. EAGAIN, kRestartAlways: then it is not.
    Result<int> publish(core::Thread& parent, const CloneRequest& request);

private:
    core::Thread* thread_ = nullptr;
    UniquePtr<PidEntry> entry_;
    PidfdReservation pidfd_;
};

// Effect: what the CPU still holds of the registers of the thread that runs is in its memory too (user, fpu).
// Context: any.
void save_live_registers(core::Thread& thread);

// Effect: `tid` is written to user memory. Nobody is told if that failed (clone(2)). Context: may sleep.
void tell_tid(mm::UserPtr<int> place, int tid);

// Effect: waits until the child needs its parent's memory no more, or the parent is killed (vfork(2)).
// Context: may sleep.
void wait_for_memory(core::Process& child);

}  // namespace task
