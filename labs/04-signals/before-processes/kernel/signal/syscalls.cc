// kill(2), tkill(2), tgkill(2); sigaction(2) and sigprocmask(2) remember what they were told, and no more.
#include <climits>

#include "core/current.h"
#include "entry/syscall.h"
#include "lib/make.h"
#include "mm/user_memory.h"
#include "signal/actions.h"
#include "signal/door.h"
#include "task/family.h"

namespace signal {

namespace {

using task::family_lock;

// It is enough that one could be told.
Result<long> send_to_group(int group, int number) {
    sync::SpinGuard guard(family_lock);
    if (group == 0) group = core::current_process().task.group->number;
    task::PidEntry* entry = task::pids.find(group);
    Result<long> result = Errno{ESRCH};
    if (entry == nullptr) return result;
    for (task::ProcessPart& member : entry->members) {
        const Result<void> sent = send_from(core::current(), *member.process, number);
        if (sent) result = 0;
        if (!sent && !result) result = sent.error();
    }
    return result;
}

// -1: everybody but the first process and the sender. That some, or all, may not be told is no error (Linux:
// kill_something_info).
Result<long> send_to_all(int number) {
    sync::SpinGuard guard(family_lock);
    bool found = false;
    Result<long> result = 0;
    task::for_each_process([&](core::Process& process) NO_THREAD_SAFETY_ANALYSIS {
        if (task::is_first(process) || &process == &core::current_process()) return;
        found = true;
        const Result<void> sent = send_from(core::current(), process, number);
        if (!sent && sent.error() != Errno{EPERM}) result = sent.error();
    });
    if (!found) return Errno{ESRCH};
    return result;
}

Result<long> send_to_one(int pid, int number) {
    sync::SpinGuard guard(family_lock);
    core::Process* process = task::find_process(pid);
    if (process == nullptr) return Errno{ESRCH};
    TRY(send_from(core::current(), *process, number));
    return 0;
}

// A change of the mask may let a signal through that waits.
void set_blocked(uint64_t mask) {
    core::Thread& self = core::current();
    self.signal.blocked.store(mask & ~(bit_of(SIGKILL) | bit_of(SIGSTOP)));
    if ((self.process->signal.pending.load() & ~self.signal.blocked.load()) != 0) {
        self.request(core::Work::kSignal);
    }
}

Result<Actions*> own_actions() {
    Actions*& actions = core::current_process().signal.actions;
    if (actions == nullptr) {
        Actions* fresh = TRY(lib::make_ref<Actions>()).release();
        sync::SpinGuard guard(family_lock);
        actions = fresh;
    }
    return actions;
}

}  // namespace

SYSCALL(kill, int pid, int number) {
    if (pid > 0) return send_to_one(pid, number);
    if (pid == -1) return send_to_all(number);
    if (pid == INT_MIN) return Errno{ESRCH};
    return send_to_group(-pid, number);
}

// Before lab futexes a thread's tid is its process's pid.
SYSCALL(tkill, int tid, int number) {
    if (tid <= 0) return Errno{EINVAL};
    return send_to_one(tid, number);
}

SYSCALL(tgkill, int pid, int tid, int number) {
    if (pid <= 0 || tid <= 0) return Errno{EINVAL};
    if (pid != tid) return Errno{ESRCH};
    return send_to_one(tid, number);
}

SYSCALL(rt_sigaction, int number, mm::UserPtr<const struct sigaction> wanted,
        mm::UserPtr<struct sigaction> previous, size_t mask_size) {
    if (mask_size != sizeof(sigset_t)) return Errno{EINVAL};
    struct sigaction change;
    if (!wanted.is_null()) TRY(wanted.read_into(change));
    if (!is_signal(number)) return Errno{EINVAL};
    if (!wanted.is_null() && (number == SIGKILL || number == SIGSTOP)) return Errno{EINVAL};
    Actions* actions = TRY(own_actions());
    const struct sigaction before = actions->get(number);
    if (!wanted.is_null()) actions->set(number, change);
    if (!previous.is_null()) TRY(previous.write(before));
    return 0;
}

SYSCALL(rt_sigprocmask, int how, mm::UserPtr<const uint64_t> wanted, mm::UserPtr<uint64_t> previous,
        size_t mask_size) {
    if (mask_size != sizeof(sigset_t)) return Errno{EINVAL};
    const uint64_t before = core::current().signal.blocked.load();
    if (!wanted.is_null()) {
        uint64_t mask;
        TRY(wanted.read_into(mask));
        switch (how) {
            case SIG_BLOCK: set_blocked(before | mask); break;
            case SIG_UNBLOCK: set_blocked(before & ~mask); break;
            case SIG_SETMASK: set_blocked(mask); break;
            default: return Errno{EINVAL};
        }
    }
    if (!previous.is_null()) TRY(previous.write(before));
    return 0;
}

}  // namespace signal
