// Waiting for children (wait.cc). Called by wait_syscalls.cc, which reads the arguments of wait4(2) and
// waitid(2) and writes what they answer.
#pragma once
#include "core/thread.h"
#include "task/family.h"

namespace task {

// Which children are meant, and which of their changes.
struct Selection {
    enum class Whom : uint8_t { kAny, kProcess, kGroup };
    Whom whom = Whom::kAny;
    RefPtr<core::Process> process{};  // kProcess
    int group = 0;                    // kGroup
    int options = 0;                  // W…, __W… of <linux/wait.h>

    bool asks(int option) const { return (options & option) != 0; }
};

// Does the child match pid, group and options, ignoring its state?
bool is_selected(const ProcessPart& child, const Selection& selection) REQUIRES(family_lock);

// What is told of a child.
struct ChildReport {
    int pid = 0;  // 0: there is none to report yet (WNOHANG)
    uint32_t uid = 0;
    int status = 0;  // as exit.h encodes it
    Usage usage{};   // its own and its reaped children's
};

// Effect: waits for a zombie among the selected children of `parent`, the thread that runs. It is claimed:
// nobody else gets to see it until finish_wait or abandon_wait. ECHILD: no such child is left;
// kRestartIfAsked. Context: may sleep.
struct Claim {
    RefPtr<core::Process> child{};  // none: see ChildReport::pid
    ChildReport report{};
};
Result<Claim> wait_for_child(core::Thread& parent, const Selection& selection);

// Effect: the claimed child is reaped; or it stays a zombie, as before.
void finish_wait(core::Thread& parent, core::Process& child);
void abandon_wait(core::Thread& parent, core::Process& child);

}  // namespace task
