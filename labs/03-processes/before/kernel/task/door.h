// Stand-in for lab processes: one static thread, process 1, that nobody can take the CPU from.
#pragma once
#include <cstdint>

#include "task/fault_signal.h"

namespace core {
struct Thread;
}
namespace arch {
struct Cpu;
}  // namespace arch

namespace task {

struct ThreadPart {};
struct ProcessPart {};

// Effect: the program's thread. Context: any.
core::Thread& first_thread();

// Effect: the CPU has a thread; with one for all of them there is nothing to do. Context: boot.
inline void init_cpu() {}

// Effect: the thread runs its program, and the other CPUs do nothing. Context: boot.
[[noreturn]] void run_first_thread(core::Thread& thread);
[[noreturn]] void idle();

// Effect: the program reports itself soon (core::Work). Context: interrupt.
void request_status_report();

// Effect: whose time a tick was, if anybody asked. Context: interrupt.
inline void count_tick(arch::Cpu&, bool) {}

// Effect: another thread's turn, if there were one. Context: may sleep.
void give_way(core::Thread& thread);

// Effect: the same for code of the kernel that an interrupt found preemptible. Context: interrupt.
void preempt_kernel(arch::Cpu& cpu);

// Effect: how long the thread, and all threads of its process, have run, in ns. Context: any.
uint64_t thread_time_ns(core::Thread& thread);
uint64_t process_time_ns(core::Thread& thread);

// Effect: the program ends, and the machine with it: with exit's status, or as killed by a signal.
// Context: any.
[[noreturn]] void exit_program(core::Thread& thread, int status);
[[noreturn]] void end_program(core::Thread& thread, const Signal& signal);

}  // namespace task
