// Who may touch whom: the one place that answers it for /proc, pidfd_getfd(2) and prlimit(2). (Who may send
// a signal: signal/door.h; who may change a nice value: sched/schedule.h.)
#pragma once
#include <cstdint>

#include "core/process.h"
#include "sync/annotations.h"
#include "task/family.h"

namespace task {

// What a process wants of another one.
enum class Touch : uint8_t {
    kLook,   // to see in /proc what its memory holds, and which files it has
    kTake,   // to have one of its open files (pidfd_getfd(2))
    kLimit,  // to see or change its limits (prlimit(2))
};

// Whether the process that calls may touch `process`: itself; as the superuser, any; else one whose three
// user and three group numbers are all the caller's: those that it uses for files if it looks, its real
// ones otherwise. Whoever looks or takes needs a process that lets others look into it (PR_SET_DUMPABLE).
// ptrace(2), "Ptrace access mode checking"; prlimit(2). Context: family_lock is held.
bool may_touch(const core::Process& process, Touch touch) REQUIRES(family_lock);

}  // namespace task
