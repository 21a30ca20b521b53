// getpriority(2), setpriority(2).
#include <linux/resource.h>

#include "core/current.h"
#include "entry/syscall.h"
#include "sched/schedule.h"
#include "task/family.h"

namespace sched {

namespace {

bool is_meant(const core::Process& process, int which, int who) REQUIRES(task::family_lock) {
    const core::Process& self = core::current_process();
    switch (which) {
        case PRIO_PROCESS: return process.pid == (who == 0 ? self.pid : who);
        case PRIO_PGRP:
            return process.task.group->number == (who == 0 ? self.task.group->number : who);
        default: {
            const uint32_t uid =
                who == 0 ? core::current().credentials.uid : static_cast<uint32_t>(who);
            return task::credentials_of(process).uid == uid;
        }
    }
}

// Effect: calls visit(process) for all processes that are meant, zombies too. ESRCH: there are none.
template <typename Visit>
Result<void> for_each_meant(int which, int who, Visit visit) {
    if (which < PRIO_PROCESS || which > PRIO_USER) return Errno{EINVAL};
    bool found = false;
    sync::SpinGuard guard(task::family_lock);
    task::for_each_process([&](core::Process& process) NO_THREAD_SAFETY_ANALYSIS {
        if (!is_meant(process, which, who)) return;
        found = true;
        visit(process);
    });
    if (!found) return Errno{ESRCH};
    return {};
}

// setpriority(2): the superuser may all; others change what runs as the same user, and only to nicer.
Result<void> change_nice(core::Process& process, int nice) REQUIRES(task::family_lock) {
    for (task::ThreadPart& part : process.task.threads) {  // none in a zombie
        if (!may_schedule(*part.thread)) return Errno{EPERM};
        if (!may_have_nice(*part.thread, nice)) return Errno{EACCES};
        set_nice(*part.thread, nice);
    }
    return {};
}

}  // namespace

// The largest of all, told as 40 … 1, for a negative result would be an error.
SYSCALL(getpriority, int which, int who) {
    int least = kNicest + 1;
    TRY(for_each_meant(which, who, [&](const core::Process& process) NO_THREAD_SAFETY_ANALYSIS {
        if (process.task.threads.empty() && process.task.nice < least) least = process.task.nice;
        for (const task::ThreadPart& part : process.task.threads) {
            const int nice = part.thread->sched.nice;
            if (nice < least) least = nice;
        }
    }));
    return 20 - least;
}

// All are changed that may be; the last refusal is told.
SYSCALL(setpriority, int which, int who, int nice) {
    const int wanted = nearest_nice(nice);
    Result<void> result;
    TRY(for_each_meant(which, who, [&](core::Process& process) NO_THREAD_SAFETY_ANALYSIS {
        const Result<void> changed = change_nice(process, wanted);
        if (!changed) result = changed;
    }));
    TRY(result);
    return 0;
}

}  // namespace sched
