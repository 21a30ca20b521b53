// Sending signals, and what they do where no handler can run. Contract: signal/door.h.
#include "core/current.h"
#include "lib/make.h"
#include "lib/restart.h"
#include "sched/schedule.h"
#include "signal/actions.h"
#include "signal/door.h"
#include "sync/blocking.h"
#include "task/exit.h"
#include "task/family.h"

namespace signal {

namespace {

Effect effect_of(const core::Process& process, int number) {
    if (number == SIGKILL) return Effect::kEnds;
    if (process.signal.actions != nullptr) return process.signal.actions->effect_of(number);
    return Actions().effect_of(number);
}

// kill(2): the sender's real or effective user is the receiver's real or saved one; shells continue the
// jobs of their session, whoever's they are.
bool may_send(const core::Thread& sender, const core::Process& receiver, int number)
    REQUIRES(task::family_lock) {
    const core::Credentials& self = sender.credentials;
    const core::Credentials& its = task::credentials_of(receiver);
    if (sender.process == &receiver || self.is_privileged()) return true;
    if (self.uid == its.uid || self.uid == its.suid) return true;
    if (self.euid == its.uid || self.euid == its.suid) return true;
    return number == SIGCONT && sender.process->task.session == receiver.task.session;
}

uint64_t due_signals(const core::Thread& thread) {
    return thread.process->signal.pending.load() & ~thread.signal.blocked.load();
}

void put(core::Process& process, int number) {
    process.signal.pending.fetch_or(bit_of(number));
    core::Thread& thread = *process.task.thread;
    if ((thread.signal.blocked.load() & bit_of(number)) != 0) return;
    sched::request_now(thread, core::Work::kSignal);
    sync::wake(thread);
}

}  // namespace

void send(core::Process& process, int number) {
    if (process.task.thread == nullptr || !is_signal(number)) return;
    if (effect_of(process, number) != Effect::kEnds || task::is_first(process)) return;
    put(process, number);
}

void force_kill(core::Process& process) {
    if (process.task.thread != nullptr) put(process, SIGKILL);
}

Result<void> send_from(const core::Thread& sender, core::Process& process,
                       int number) NO_THREAD_SAFETY_ANALYSIS {
    if (number != 0 && !is_signal(number)) return Errno{EINVAL};
    if (!may_send(sender, process, number)) return Errno{EPERM};
    if (number != 0) send(process, number);
    return {};
}

bool ignores(const core::Process& process, int number) {
    return process.signal.actions != nullptr && process.signal.actions->ignores(number);
}

// Only signals that end the process become pending (send).
bool must_end(const core::Thread& thread) { return due_signals(thread) != 0; }

void act(core::Thread& thread) {
    core::Process& process = *thread.process;
    const uint64_t due = due_signals(thread);
    for (int number = 1; number <= kMostSignals; number++) {
        if ((due & bit_of(number)) == 0) continue;
        process.signal.pending.fetch_and(~bit_of(number));
        if (effect_of(process, number) == Effect::kEnds) {
            task::exit_process(thread, task::killed_by(number));
        }
    }
    if (thread.call.is_call && lib::asks_for_restart(thread.user.result())) {
        thread.user.set_result(-EINTR);
    }
}

void send_to_self(int number) {
    sync::SpinGuard guard(task::family_lock);
    send(core::current_process(), number);
}

Result<void> share_actions(const core::Thread& parent, core::Thread& child, Sharing sharing) {
    child.signal.blocked.store(parent.signal.blocked.load());
    Actions* actions = parent.process->signal.actions;
    // Two that share them must have some to share.
    if (actions == nullptr && sharing == Sharing::kShared) {
        actions = TRY(lib::make_ref<Actions>()).release();
        parent.process->signal.actions = actions;
    }
    if (actions == nullptr) return {};
    RefPtr<Actions> theirs =
        sharing == Sharing::kShared ? RefPtr<Actions>(*actions) : TRY(actions->clone());
    child.process->signal.actions = theirs.release();
    return {};
}

Result<RefPtr<Actions>> copy_actions(const core::Process& process) {
    if (process.signal.actions == nullptr) return RefPtr<Actions>();
    return process.signal.actions->clone();
}

RefPtr<Actions> exchange_actions(core::Process& process, RefPtr<Actions> actions) {
    // Senders look at them with the lock held.
    sync::SpinGuard guard(task::family_lock);
    return lib::adopt_ref(std::exchange(process.signal.actions, actions.release()));
}

void drop_actions(core::Process& process) { exchange_actions(process, {}); }

void forget_handlers(core::Process& process) {
    if (process.signal.actions != nullptr) process.signal.actions->forget_handlers();
}

}  // namespace signal
