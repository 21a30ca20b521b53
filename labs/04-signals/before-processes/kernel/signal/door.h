// Stand-in for lab signals where there are processes: a signal ends its process, or nothing comes of it.
// Calls that set handlers succeed, but no handler ever runs.
#pragma once
#include <cstdint>

#include "lib/atomic.h"
#include "lib/result.h"

namespace core {
struct Process;
struct Thread;
}  // namespace core

namespace signal {

class Actions;

// What lab signals keeps in a process: what it does about each signal, an owner; shared by CLONE_SIGHAND.
// None: the usual.
struct ProcessPart {
    Actions* actions = nullptr;
    lib::Atomic<uint64_t> pending{0};  // a bit each, signal 1 is bit 0
};

struct ThreadPart {
    lib::Atomic<uint64_t> blocked{0};
};

// ---- sending; task's family lock is held ----

// Effect: the process gets the signal. It does not sleep for long then if it ends. The first process ends by
// no signal that it does not ask for. Context: the process is alive.
void send(core::Process& process, int number);
// Effect: the process gets SIGKILL, the first one too: the machine ends. Context: the process is alive.
void force_kill(core::Process& process);
// Effect: as send, if `sender` may (kill(2)); 0 sends nothing. EPERM, EINVAL. A zombie gets nothing.
Result<void> send_from(const core::Thread& sender, core::Process& process, int number);
// Whether nothing comes of this signal (SIG_IGN).
bool ignores(const core::Process& process, int number);

// ---- a thread's own ----

// Effect: what `thread`, which runs, must do about its signals before it goes back to user mode.
// A call that a signal has interrupted gets its result.
void act(core::Thread& thread);
// Whether the process of `thread`, which runs, is about to end by a signal: so until it has ended.
bool must_end(const core::Thread& thread);
// Effect: it gets a signal for what its system call did: SIGPIPE, SIGXFSZ.
void send_to_self(int number);

// ---- new processes and ended ones ----

enum class Sharing : uint8_t { kCopied, kShared };
// Effect: a new process has its parent's actions, and its thread blocks the same signals. ENOMEM.
Result<void> share_actions(const core::Thread& parent, core::Thread& child, Sharing sharing);
void drop_actions(core::Process& process);
// Effect: what a handler was set for is as usual again (execve(2)), for all who share the actions.
void forget_handlers(core::Process& process);

}  // namespace signal
