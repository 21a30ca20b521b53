// Contract: task/wait.h. A zombie is first claimed, then told of to the program, and only then reaped: a
// program that has handed in a bad address can ask again.
#include "task/wait.h"

#include <asm/signal.h>
#include <linux/wait.h>

#include "core/process.h"
#include "lib/restart.h"
#include "lib/todo.h"
#include "task/exit.h"

namespace task {

namespace {

// __WCLONE and __WALL (wait(2)): children that tell their parents in another way than by SIGCHLD are not
// waited for unless asked for.
bool is_of_kind(const ProcessPart& child, const Selection& selection) {
    const bool is_clone = child.exit_signal != SIGCHLD;
    return selection.asks(__WALL) || is_clone == selection.asks(static_cast<int>(__WCLONE));
}

ChildReport report_of(const ProcessPart& zombie) REQUIRES(family_lock) {
    ChildReport report;
    report.pid = zombie.process->pid;
    report.uid = credentials_of(*zombie.process).uid;
    report.status = zombie.status;
    report.usage = zombie.used;
    report.usage.add(zombie.used_by_reaped);
    return report;
}

// What look_for found: a zombie that can be claimed; and if not, whether there may be one later.
struct Found {
    ProcessPart* zombie = nullptr;
    bool may_come = false;
};

// One process is looked for by itself, however many children there are.
Found look_at(ProcessPart& child, const ProcessPart& parent, const Selection& selection)
    REQUIRES(family_lock) {
    if (child.parent != &parent || !is_of_kind(child, selection)) return {};
    if (child.state == ProcessState::kAlive || child.is_claimed) return {nullptr, true};
    if (!selection.asks(WEXITED)) return {};
    return {&child, true};
}

}  // namespace

bool is_selected(const ProcessPart& child, const Selection& selection) {
    if (!is_of_kind(child, selection)) return false;
    switch (selection.whom) {
        case Selection::Whom::kAny: return true;
        case Selection::Whom::kProcess: return child.process == selection.process.get();
        case Selection::Whom::kGroup: return child.group->number == selection.group;
    }
    return false;
}

// look_for: the zombie that has waited longest among the children that are selected (is_selected), if
// zombies are asked for (WEXITED) and nobody has claimed it; else whether one may come: a selected child that
// is alive, or one that is claimed, for its reaper may fail.
//
// reap: what the child and its own children have used up becomes the parent's used_by_reaped; then the child
// is buried. Its share is returned, for the caller to drop.
//
// ROOM processes.7 begin: wait for a child
static Found look_for(ProcessPart& parent, const Selection& selection) REQUIRES(family_lock) {
    Found found;
    for (ProcessPart& zombie : parent.zombies) {
        if (!is_selected(zombie, selection) || !selection.asks(WEXITED)) continue;
        if (!zombie.is_claimed) return {&zombie, true};
        found.may_come = true;
    }
    for (ProcessPart& child : parent.children) {
        if (is_selected(child, selection)) return {nullptr, true};
    }
    return found;
}

static RefPtr<core::Process> reap(ProcessPart& parent, ProcessPart& child) REQUIRES(family_lock) {
    parent.used_by_reaped.add(child.used);
    parent.used_by_reaped.add(child.used_by_reaped);
    return bury(child);
}
// ROOM processes.7 end

Result<Claim> wait_for_child(core::Thread& parent, const Selection& selection) {
    ProcessPart& self = parent.process->task;
    Found found;
    sync::SpinGuard guard(family_lock);
    const auto look = [&]() NO_THREAD_SAFETY_ANALYSIS {
        found = selection.whom == Selection::Whom::kProcess
                    ? look_at(selection.process->task, self, selection)
                    : look_for(self, selection);
        return found.zombie != nullptr || !found.may_come;
    };
    if (selection.asks(WNOHANG)) {
        look();
    } else if (self.children_changed.wait_until(guard, sync::How::kInterruptible, sync::kNoDeadline,
                                                look) == sync::Woken::kInterrupted) {
        return lib::kRestartIfAsked;
    }
    if (found.zombie == nullptr) {
        if (found.may_come) return Claim{};
        return Errno{ECHILD};
    }
    found.zombie->is_claimed = true;
    return Claim{RefPtr<core::Process>(*found.zombie->process), report_of(*found.zombie)};
}

void finish_wait(core::Thread& parent, core::Process& child) {
    // Dies, if nobody else has a share, after the lock is given back.
    RefPtr<core::Process> share;
    sync::SpinGuard guard(family_lock);
    share = reap(parent.process->task, child.task);
}

void abandon_wait(core::Thread& parent, core::Process& child) {
    sync::SpinGuard guard(family_lock);
    child.task.is_claimed = false;
    parent.process->task.children_changed.wake_all();
}

}  // namespace task
