// How a process ends (exit.cc).
#pragma once
#include <cstdint>

#include "core/process.h"
#include "core/thread.h"
#include "sync/annotations.h"
#include "task/family.h"

namespace task {

// How wait(2) encodes the two ways to end.
constexpr int exited_with(int status) { return (status & 0xff) << 8; }
constexpr int killed_by(int signal) { return signal; }
constexpr bool was_killed(int status) { return (status & 0x7f) != 0; }

// Effect: the process of the thread that runs ends, with this wait status. If it is the first one, the
// machine ends with it. Context: a thread that holds nothing.
[[noreturn]] void exit_process(core::Thread& thread, int status);

// Effect: a parent that waits in vfork(2) goes on.
void give_memory_back(core::Process& process);

// Where orphans of `process` go: to the next above who wants them (PR_SET_CHILD_SUBREAPER), or to the first
// process.
ProcessPart& heir_of(const ProcessPart& process) REQUIRES(family_lock);

// Effect: the process gets this signal, unless that is 0 or the process has ended.
void notify(ProcessPart& target, int signal) REQUIRES(family_lock);

// Effect: a zombie's parent is told: it gets the exit signal, and looks for zombies if it waits. One who
// ignores its children does not get to see it: then the zombie is buried, and gone unless the caller has a
// share in it.
void tell_parent(ProcessPart& zombie) REQUIRES(family_lock);

// Effect: all processes but the caller's are killed and waited for, and the machine ends with this status
// (core/status.h). Context: a thread that holds nothing.
[[noreturn]] void end_machine(core::Thread& thread, uint8_t status);

}  // namespace task
