// Who is calling. For the edges only, the system calls: everything below them gets a thread, a process or
// a part of one as an argument.
#pragma once
#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/process.h"
#include "core/thread.h"

namespace core {

// Effect: the thread that runs, and its process. Context: a system call or a trap from user mode.
inline Thread& current() { return *arch::this_cpu()->running; }
inline Process& current_process() { return *current().process; }
inline const Limits& current_limits() { return current_process().limits; }

}  // namespace core
