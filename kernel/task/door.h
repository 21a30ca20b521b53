// The door of lab processes, part B: lives, from fork to wait. Closed: labs/03-processes/before.
// Part A: sched/door.h.
#pragma once
#include <cstdint>

#include "lib/text.h"
#include "task/fault_signal.h"
#include "task/process_part.h"

namespace core {
struct Thread;
}

namespace task {

// ---- from the boot ----

// Effect: the thread of the first program, not yet complete: the boot loads the program into it. Context:
// boot.
core::Thread& first_thread();

// Effect: it runs its program, and the caller becomes the idle thread. Context: boot.
[[noreturn]] void run_first_thread(core::Thread& thread);

// ---- from traps and calls ----

// Effect: how long all threads of its process have run, in ns. Context: any.
uint64_t process_time_ns(core::Thread& thread);

// Effect: the word that tells of the end of the thread that runs (set_tid_address(2),
// CLONE_CHILD_CLEARTID) is 0, if others share its memory, and forgotten. Context: before it leaves that
// memory; may sleep.
void clear_child_tid(core::Thread& thread);

// Effect: the thread that runs begins another program: who waits in vfork(2) for it goes on, what it
// carries is as a new program finds it (task/carried.h), and `comm` is its name. Context: may sleep.
void finish_execve(core::Thread& thread, lib::Text comm);

// Effect: the name of the thread that runs is `comm`, cut off after 15 bytes (PR_SET_NAME). Context: any.
void set_comm(core::Thread& thread, lib::Text comm);

// Effect: the process of the thread that runs ends, with exit's status or as killed by a signal. Context: a
// thread that holds nothing.
[[noreturn]] void exit_program(core::Thread& thread, int status);
[[noreturn]] void end_program(core::Thread& thread, const Signal& signal);

}  // namespace task
