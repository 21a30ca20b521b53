// Stand-in for lab processes, part A: one thread, that nobody can take the CPU from.
#pragma once
#include <cstdint>

#include "lib/result.h"
#include "lib/text.h"

namespace core {
struct Thread;
}
namespace arch {
struct Cpu;
}  // namespace arch

namespace sched {

struct ThreadPart {};

// Work that an interrupt leaves to the one thread, which does it on its way to user mode, or when it sleeps.
class Worker {
public:
    constexpr Worker(lib::Text, void (*work)()) : work_(work) {}

    // Effect: none; it has no thread of its own. Context: boot.
    Result<void> prepare() { return {}; }

    // Effect: the thread calls work() soon. Context: any, interrupts too; there is one worker.
    void set_to_work();

private:
    void (*const work_)();
};

// Effect: the CPU has a thread; with one for all of them there is nothing to do. Context: boot.
inline void init_cpu() {}

// Effect: the CPU does nothing. Context: boot.
[[noreturn]] void idle();

// Effect: the program reports itself soon (core::Work). Context: interrupt.
void request_status_report();

// Effect: whose time a tick was, if anybody asked. Context: interrupt.
inline void count_tick(arch::Cpu&, bool) {}

// Effect: what an interrupt has left to do is done; there is no other thread. Context: may sleep.
void give_way(core::Thread& thread);

// Effect: the same for code of the kernel that an interrupt found preemptible. Context: interrupt.
void preempt_kernel(arch::Cpu& cpu);

// Effect: how long the thread has run, in ns. Context: any.
uint64_t thread_time_ns(core::Thread& thread);

}  // namespace sched
