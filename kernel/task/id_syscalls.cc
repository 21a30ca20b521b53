// Who a process is and to whom it belongs: getpid(2), getppid(2), setpgid(2), setsid(2) and their kin; and
// exit(2).
#include "core/current.h"
#include "entry/syscall.h"
#include "mm/user_memory.h"
#include "task/exit.h"
#include "task/family.h"

namespace task {

namespace {

// setpgid(2): oneself, or a child in the same session that has not called execve.
Result<core::Process*> movable(int pid) REQUIRES(family_lock) {
    core::Process& self = core::current_process();
    if (pid == self.pid) return &self;
    core::Process* child = find_process(pid);
    if (child == nullptr || child->task.parent != &self.task) return Errno{ESRCH};
    if (child->task.session != self.task.session) return Errno{EPERM};
    if (child->task.has_executed) return Errno{EACCES};
    return child;
}

// A group that exists must lie in the same session; none exists but in its session.
Result<PidEntry*> group_to_join(const core::Process& process, int group) REQUIRES(family_lock) {
    if (group == process.pid) return process.task.pid;
    PidEntry* entry = pids.find(group);
    if (entry == nullptr || entry->members.empty()) return Errno{EPERM};
    if (entry->members.front()->session != process.task.session) return Errno{EPERM};
    return entry;
}

// Effect: ask(process) of the process of this pid, of the caller for 0.
template <typename Ask>
Result<long> ask_about(int pid, Ask ask) {
    sync::SpinGuard guard(family_lock);
    core::Process* process = process_asked_for(pid);
    if (process == nullptr) return Errno{ESRCH};
    return ask(process->task);
}

Result<long> group_of(int pid) {
    return ask_about(pid, [](const ProcessPart& process) { return process.group->number; });
}

}  // namespace

// With one thread to a process they are one.
SYSCALL(exit, int status) { exit_process(core::current(), exited_with(status)); }
SYSCALL(exit_group, int status) { exit_process(core::current(), exited_with(status)); }

SYSCALL(getpid) { return core::current_process().pid; }
SYSCALL(gettid) { return core::current().tid; }

SYSCALL(getppid) {
    sync::SpinGuard guard(family_lock);
    return parent_pid(core::current_process());
}

SYSCALL(getpgid, int pid) { return group_of(pid); }
#ifdef __NR_getpgrp
SYSCALL(getpgrp) { return group_of(0); }
#endif

SYSCALL(getsid, int pid) {
    return ask_about(pid, [](const ProcessPart& process) { return process.session->number; });
}

SYSCALL(setpgid, int pid, int group) {
    if (pid == 0) pid = core::current_process().pid;
    if (group == 0) group = pid;
    if (group < 0) return Errno{EINVAL};
    sync::SpinGuard guard(family_lock);
    core::Process& process = *TRY(movable(pid));
    // The leader of a session stays in its group (setpgid(2)).
    if (process.task.session == process.task.pid) return Errno{EPERM};
    join_group(process.task, *TRY(group_to_join(process, group)));
    return 0;
}

SYSCALL(setsid) {
    sync::SpinGuard guard(family_lock);
    ProcessPart& self = core::current_process().task;
    // A group of this number exists already, and it may have members in the old session.
    if (!self.pid->members.empty()) return Errno{EPERM};
    establish_session(self);
    return self.pid->number;
}

SYSCALL(set_tid_address, mm::UserPtr<int> place) {
    core::Thread& self = core::current();
    self.task.life.clear_child_tid = static_cast<uint64_t>(place.address());
    return self.tid;
}

}  // namespace task
