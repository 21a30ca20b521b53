// Contract: proc/view.h.
#include "proc/view.h"

#include <cstring>

#include "fs/door.h"
#include "mm/door.h"
#include "sched/schedule.h"
#include "task/family.h"
#include "task/rights.h"

namespace proc {

namespace {

char letter_of(sched::ThreadState state) {
    return state == sched::ThreadState::kBlocked ? 'S' : 'R';
}

void look_at_thread(ProcessView& view, core::Thread& thread) REQUIRES(task::family_lock) {
    view.state = letter_of(sched::state_of(thread));
    memcpy(view.name, thread.task.life.name, sizeof(view.name));
    view.nice = thread.sched.nice;
    view.cpu = thread.sched.cpu.load();
    view.affinity = thread.sched.affinity.load();
    view.memory = mm::share_memory(thread);
    view.descriptors = fs::share_descriptors(thread);
    view.context = fs::share_context(thread);
}

}  // namespace

Result<UniquePtr<ProcessView>> look_at(core::Process& process) {
    UniquePtr<ProcessView> view = TRY(lib::make<ProcessView>());
    sync::SpinGuard guard(task::family_lock);
    const task::ProcessPart& part = process.task;
    if (part.state == task::ProcessState::kReaped) return Errno{ESRCH};
    view->pid = process.pid;
    view->parent = task::parent_pid(process);
    view->group = part.group->number;
    view->session = part.session->number;
    view->credentials = task::credentials_of(process);
    view->gains_nothing = part.gains_nothing;
    view->limits = process.limits;
    view->used = task::usage_of(process);
    view->used_by_reaped = part.used_by_reaped;
    view->exit_signal = part.exit_signal;
    view->status = part.status;
    view->started_ns = part.started_ns;
    memcpy(view->name, part.name, sizeof(view->name));
    if (part.thread != nullptr) look_at_thread(*view, *part.thread);
    return view;
}

Result<void> check_may_look_into(core::Process& process) {
    sync::SpinGuard guard(task::family_lock);
    if (process.task.state == task::ProcessState::kReaped) return Errno{ESRCH};
    if (!task::may_touch(process, task::Touch::kLook)) return Errno{EACCES};
    return {};
}

}  // namespace proc
