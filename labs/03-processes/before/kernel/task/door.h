// Stand-in for lab processes, part B: process 1, which has the one thread.
#pragma once
#include <cstdint>

#include "task/fault_signal.h"

namespace core {
struct Thread;
}

namespace task {

struct ThreadPart {};
struct ProcessPart {};

// Effect: the program's thread. Context: any.
core::Thread& first_thread();

// Effect: the thread runs its program. Context: boot.
[[noreturn]] void run_first_thread(core::Thread& thread);

// Effect: how long all threads of its process have run, in ns. Context: any.
uint64_t process_time_ns(core::Thread& thread);

// Effect: the program ends, and the machine with it: with exit's status, or as killed by a signal.
// Context: any.
[[noreturn]] void exit_program(core::Thread& thread, int status);
[[noreturn]] void end_program(core::Thread& thread, const Signal& signal);

}  // namespace task
