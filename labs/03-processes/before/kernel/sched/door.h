// Stand-in for lab processes, part A: one thread, that nobody can take the CPU from.
#pragma once
#include <cstdint>

namespace core {
struct Thread;
}
namespace arch {
struct Cpu;
}  // namespace arch

namespace sched {

struct ThreadPart {};

// Effect: the CPU has a thread; with one for all of them there is nothing to do. Context: boot.
inline void init_cpu() {}

// Effect: the CPU does nothing. Context: boot.
[[noreturn]] void idle();

// Effect: the program reports itself soon (core::Work). Context: interrupt.
void request_status_report();

// Effect: whose time a tick was, if anybody asked. Context: interrupt.
inline void count_tick(arch::Cpu&, bool) {}

// Effect: another thread's turn, if there were one. Context: may sleep.
void give_way(core::Thread& thread);

// Effect: the same for code of the kernel that an interrupt found preemptible. Context: interrupt.
void preempt_kernel(arch::Cpu& cpu);

// Effect: how long the thread has run, in ns. Context: any.
uint64_t thread_time_ns(core::Thread& thread);

}  // namespace sched
