// The door of lab processes, part A: threads and their turns. Closed: labs/03-processes/before.
#pragma once
#include <cstdint>

#include "lib/atomic.h"
#include "lib/cpu_set.h"
#include "lib/result.h"
#include "lib/text.h"
#include "lib/tree.h"

namespace core {
struct Thread;
}
namespace arch {
struct Cpu;
}  // namespace arch

namespace sched {

// What a thread does about the CPU:
//
//     kNew ──start──► kReady ◄──preempted, yields── kRunning ──ends──► kEnded
//                       │  └─────────picked───────────►│
//                       └◄──woken── kBlocked ◄─sleeps──┘
enum class ThreadState : uint8_t {
    kNew,      // not yet complete; nobody runs it
    kReady,    // in a run queue, or between two of them
    kRunning,  // on a CPU
    kBlocked,  // until somebody wakes it
    kEnded,    // on a CPU for the last time
};

using lib::CpuSet;

class Worker;

// What the scheduler keeps in a thread.
struct ThreadPart {
    core::Thread* thread = nullptr;  // whose part it is

    // Guarded by the lock of the run queue of `cpu`.
    ThreadState state = ThreadState::kNew;
    bool stays = false;         // preempted inside the kernel: goes on on the same CPU
    lib::TreeNode ready_node;   // in its run queue while kReady
    uint64_t virtual_time = 0;  // CPU time in ns, weighed: who has the least is next
    uint64_t cpu_time_ns = 0;   // until it was last switched to
    uint64_t told_user_ns = 0;  // its times as somebody was told last
    uint64_t told_system_ns = 0;
    uint64_t switches_wanted = 0;  // getrusage(2): it slept; it was preempted
    uint64_t switches_forced = 0;
    lib::Atomic<CpuSet> affinity{~CpuSet{0}};  // its own CPU reads it without the lock
    int nice = 0;
    int policy = 0;               // SCHED_NORMAL, SCHED_BATCH or SCHED_IDLE: sched(7)
    bool resets_on_fork = false;  // a child begins with SCHED_NORMAL, and no nicer than 0

    // Changes only while the thread is kReady and in no queue: read it, lock that queue, look again.
    lib::Atomic<uint32_t> cpu{0};
    // 1: the thread is about to sleep, and nobody has woken it since it said so.
    lib::Atomic<uint32_t> is_sleepy{0};

    // Only the thread itself, or who makes it.
    uint64_t stack_low = 0;
    void (*entry)() = nullptr;
    Worker* worker = nullptr;  // that it works for, if it is one's
    uint64_t user_ticks = 0, system_ticks = 0;
};

// ---- from the boot ----

// Effect: this CPU has a thread from now on: the boot itself, which ends as the CPU's idle thread.
// Context: boot, once a CPU, interrupts off.
void init_cpu();

// Effect: runs whoever wants this CPU, and sleeps while nobody does. Context: a CPU's first thread.
[[noreturn]] void idle();

// ---- work for interrupts ----

// Work that an interrupt leaves to a thread of the kernel, as it needs what an interrupt must not do: take
// locks that the interrupted code may hold, sleep, allocate memory.
class Worker {
public:
    constexpr Worker(lib::Text name, void (*work)()) : name_(name), work_(work) {}
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // Effect: the worker has a thread of its own, with this name. ENOMEM. Context: boot.
    Result<void> prepare();

    // Effect: the thread calls work() soon, once for all requests that came before it begins. Context: any,
    // interrupts too; the worker is prepared.
    void set_to_work();

private:
    static void run();

    const lib::Text name_;
    void (*const work_)();
    core::Thread* thread_ = nullptr;
    lib::Atomic<uint32_t> is_started_{0};
    lib::Atomic<uint32_t> is_requested_{0};
};

// ---- from traps ----

// Effect: another thread's turn, if one waits. Context: may sleep.
void give_way(core::Thread& thread);

// Effect: the same inside the kernel, if that was asked for; while the preempt count forbids it, it
// becomes due (sync/preempt.h). Context: leaving an interrupt, or a scheduling point; interrupts off.
void preempt_kernel(arch::Cpu& cpu);

// Effect: the program that runs, on whichever CPU it does, reports itself soon (core::Work); if none runs,
// one whose turn is next. Context: interrupt.
void request_status_report();

// Effect: a tick found this CPU in user mode, or in the kernel: whose time it was. Context: interrupt.
void count_tick(arch::Cpu& cpu, bool in_user_mode);

// Effect: how long the thread has run, in ns. Context: any.
uint64_t thread_time_ns(core::Thread& thread);

}  // namespace sched
