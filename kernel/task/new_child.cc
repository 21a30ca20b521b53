// Contract: task/new_child.h.
#include "task/new_child.h"

#include "arch/cpu.h"
#include "core/current.h"
#include "core/fpu.h"
#include "entry/door.h"
#include "exec/door.h"
#include "fs/door.h"
#include "lib/make.h"
#include "lib/restart.h"
#include "mm/door.h"
#include "mm/frames.h"
#include "sched/scheduler.h"
#include "signal/door.h"
#include "task/carried.h"
#include "task/family.h"

namespace task {

namespace {

// Where a child begins in the kernel: it tells its own memory who it is, and goes to user mode.
void begin_child() {
    core::Thread& self = core::current();
    const mm::UserPtr<int> place(std::exchange(self.task.life.set_child_tid, 0));
    if (!place.is_null()) tell_tid(place, self.tid);
    entry::run_user(self);
}

constexpr uint64_t kLeastFreeFrames = 64;

// How many processes the user of `parent` has (RLIMIT_NPROC).
uint64_t count_of_user(uint32_t uid) REQUIRES(family_lock) {
    uint64_t count = 0;
    for_each_process([&](core::Process& process) NO_THREAD_SAFETY_ANALYSIS {
        if (credentials_of(process).uid == uid) count++;
    });
    return count;
}

Result<void> check_counts(const core::Thread& parent) REQUIRES(family_lock) {
    const uint64_t limit = parent.process->limits.soft(RLIMIT_NPROC);
    const core::Credentials& user = parent.credentials;
    if (count_threads() >= most_threads()) return Errno{EAGAIN};
    if (limit == RLIM64_INFINITY || user.uid == 0 || user.is_privileged()) return {};
    if (count_of_user(user.uid) >= limit) return Errno{EAGAIN};
    return {};
}

}  // namespace

NewChild::~NewChild() {
    if (thread_ == nullptr) return;
    core::Process& process = *thread_->process;
    mm::drop_memory(*thread_);
    fs::drop_files(*thread_);
    exec::drop_program(process.exec);
    signal::drop_actions(process);
    sched::discard_thread(*thread_);
}

Result<void> NewChild::make(core::Thread& parent, const CloneRequest& request) {
    entry_ = TRY(lib::make<PidEntry>());
    auto process = TRY(lib::make_ref<core::Process>());
    core::Process& from = *parent.process;
    process->limits = from.limits;
    process->task.borrows_memory = request.asks(CLONE_VFORK);
    thread_ = TRY(sched::make_thread(std::move(process), begin_child));
    carry_over_fork(parent, *thread_);
    const auto memory = request.asks(CLONE_VM) ? mm::Sharing::kShared : mm::Sharing::kCopied;
    const auto actions =
        request.asks(CLONE_SIGHAND) ? signal::Sharing::kShared : signal::Sharing::kCopied;
    TRY(signal::share_actions(parent, *thread_, actions));
    if (request.asks(CLONE_CLEAR_SIGHAND)) signal::forget_handlers(*thread_->process);
    TRY(fs::clone_files(parent, *thread_, {request.asks(CLONE_FILES), request.asks(CLONE_FS)}));
    TRY(mm::clone_memory(parent, *thread_, memory));
    exec::share_program(from.exec, thread_->process->exec);
    if (request.asks(CLONE_PIDFD)) TRY(pidfd_.reserve(*thread_->process, request.pidfd));
    // Both sides will write to pages that they share now: no child is made who could not take a step.
    if (mm::count_frames().free < kLeastFreeFrames) return Errno{ENOMEM};
    return {};
}

Result<int> NewChild::publish(core::Thread& parent, const CloneRequest& request) {
    core::Process& from = *parent.process;
    core::Process& process = *thread_->process;
    {
        sync::SpinGuard guard(family_lock);
        // A signal to a group is sent with this lock held. It has come to this parent before there is a
        // child, or it comes to both: no child is left out.
        if (sync::must_give_up(sync::How::kInterruptible)) return lib::kRestartAlways;
        TRY(check_counts(parent));
        const bool is_sibling = request.asks(CLONE_PARENT);
        process.task.exit_signal = is_sibling ? from.task.exit_signal : request.exit_signal;
        ProcessPart* above = is_sibling ? from.task.parent : &from.task;
        TRY(enter_family(process, *thread_, *entry_, above, &from.task));
        static_cast<void>(RefPtr<core::Process>(process).release());  // the family's share
        static_cast<void>(entry_.release());
    }
    pidfd_.publish();
    thread_ = nullptr;
    return process.pid;
}

void save_live_registers(core::Thread& thread) {
    const arch::InterruptGuard interrupts;
    arch::save_resident_registers(thread.user);
    core::fpu_to_memory(thread);
}

void tell_tid(mm::UserPtr<int> place, int tid) { static_cast<void>(place.write(tid).has_value()); }

void wait_for_memory(core::Process& child) {
    sync::SpinGuard guard(family_lock);
    static_cast<void>(child.task.changed.wait_until(guard, sync::How::kKillable, sync::kNoDeadline,
                                                    [&] { return !child.task.borrows_memory; }));
}

}  // namespace task
