// Reports on a user program: when it made a mistake, and when somebody asks (Ctrl-T).
#pragma once
#include "arch/trap.h"
#include "core/thread.h"
#include "task/door.h"

namespace entry {

// Effect: says what the program did wrong: signal, cause, pc, address, registers, backtrace.
void report_fault(core::Thread& thread, arch::Event event, arch::TrapCause trap,
                  const task::Signal& signal);

// Effect: registers and backtrace of the running program, as it was when it was interrupted.
void report_status(core::Thread& thread);

}  // namespace entry
