// wait4(2), waitid(2).
#include <asm/fcntl.h>
#include <asm/signal.h>
#include <linux/wait.h>

#include <climits>

#include "core/current.h"
#include "entry/syscall.h"
#include "fs/caller.h"
#include "task/exit.h"
#include "task/pidfd.h"
#include "task/times.h"
#include "task/wait.h"

namespace task {

namespace {

constexpr int kKinds = static_cast<int>(__WNOTHREAD | __WCLONE | __WALL);

// The part of siginfo_t that tells of a child (sigaction(2)); the rest of the program's is left alone.
struct ChildInfo {
    int signal, error, code, gap, pid;
    uint32_t uid;
    int status;
};
constexpr int kExited = 1, kKilled = 2;  // CLD_EXITED, CLD_KILLED

ChildInfo info_of(const ChildReport& report) {
    if (report.pid == 0) return {};
    const bool killed = was_killed(report.status);
    return {SIGCHLD,
            0,
            killed ? kKilled : kExited,
            0,
            report.pid,
            report.uid,
            killed ? report.status & 0x7f : report.status >> 8};
}

// The child of this pid: nobody's child if there is no such process.
Result<void> select_process(Selection& selection, int pid) {
    selection.whom = Selection::Whom::kProcess;
    auto process = get_process(pid);
    if (!process) return Errno{ECHILD};
    selection.process = process.take();
    return {};
}

Result<void> select_group(Selection& selection, int group) {
    selection.whom = Selection::Whom::kGroup;
    if (group == 0) {
        sync::SpinGuard guard(family_lock);
        group = core::current_process().task.group->number;
    }
    selection.group = group;
    return {};
}

Result<void> select_by_pid(Selection& selection, int pid) {
    if (pid == INT_MIN) return Errno{ESRCH};
    if (pid == -1) return {};
    if (pid > 0) return select_process(selection, pid);
    return select_group(selection, -pid);
}

Result<void> select_by_kind(Selection& selection, int kind, int id) {
    switch (kind) {
        case P_ALL: return {};
        case P_PID: return id <= 0 ? Errno{EINVAL} : select_process(selection, id);
        case P_PGID: return id < 0 ? Errno{EINVAL} : select_group(selection, id);
        case P_PIDFD: {
            if (id < 0) return Errno{EINVAL};
            const RefPtr<fs::File> file = TRY(fs::descriptors().find(Fd{id}));
            selection.process = TRY(process_of_pidfd(*file));
            selection.whom = Selection::Whom::kProcess;
            if ((file->flags() & O_NONBLOCK) != 0) selection.options |= WNOHANG;
            return {};
        }
        default: return Errno{EINVAL};
    }
}

// Effect: waits, tells the program with `tell(report)`, and reaps if that went well.
template <typename Tell>
Result<long> wait_and_tell(const Selection& selection, Tell tell) {
    core::Thread& self = core::current();
    auto claimed = wait_for_child(self, selection);
    if (!claimed) return claimed.error();
    const Claim& claim = *claimed;
    const Result<void> told = tell(claim.report);
    if (claim.child) {
        const bool stays = !told || selection.asks(WNOWAIT);
        stays ? abandon_wait(self, *claim.child) : finish_wait(self, *claim.child);
    }
    if (!told) return told.error();
    return claim.report.pid;
}

Result<long> wait_by_kind(int kind, int id, mm::UserPtr<ChildInfo> info, int options,
                          mm::UserPtr<rusage> usage) {
    constexpr int kChanges = WEXITED | WSTOPPED | WCONTINUED;
    if ((options & ~(WNOHANG | WNOWAIT | kChanges | kKinds)) != 0) return Errno{EINVAL};
    if ((options & kChanges) == 0) return Errno{EINVAL};
    Selection selection;
    selection.options = options;
    TRY(select_by_kind(selection, kind, id));
    const long pid = TRY(wait_and_tell(selection, [&](const ChildReport& report) -> Result<void> {
        if (report.pid != 0 && !usage.is_null()) TRY(usage.write(as_rusage(report.usage)));
        if (!info.is_null()) TRY(info.write(info_of(report)));
        return {};
    }));
    // The pidfd said that nobody shall wait (pidfd_open(2), PIDFD_NONBLOCK), not the caller.
    if (pid == 0 && (options & WNOHANG) == 0) return Errno{EAGAIN};
    return 0;
}

}  // namespace

SYSCALL(wait4, int pid, mm::UserPtr<int> status, int options, mm::UserPtr<rusage> usage) {
    if ((options & ~(WNOHANG | WUNTRACED | WCONTINUED | kKinds)) != 0) return Errno{EINVAL};
    Selection selection;
    selection.options = options | WEXITED;
    TRY(select_by_pid(selection, pid));
    return wait_and_tell(selection, [&](const ChildReport& report) -> Result<void> {
        if (report.pid == 0) return {};
        if (!status.is_null()) TRY(status.write(report.status));
        if (!usage.is_null()) TRY(usage.write(as_rusage(report.usage)));
        return {};
    });
}

SYSCALL(waitid, int kind, int id, mm::UserPtr<ChildInfo> info, int options,
        mm::UserPtr<rusage> usage) {
    const Result<long> waited = wait_by_kind(kind, id, info, options, usage);
    // Also where there is nothing to tell, and before the error (Linux).
    if (!waited && !info.is_null()) TRY(info.write({}));
    return waited;
}

}  // namespace task
