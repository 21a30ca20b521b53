// The door of lab processes: what lower floors ask of it. Closed: labs/03-processes/before.
#pragma once
#include <cstdint>

#include "lib/text.h"
#include "lib/tree.h"
#include "task/fault_signal.h"
#include "task/process_part.h"

namespace core {
struct Thread;
}
namespace arch {
struct Cpu;
}  // namespace arch

namespace task {

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

// Bits for CPUs (arch::Cpu::index).
using CpuSet = uint32_t;

// What lab processes keeps in a thread.
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
    uint32_t fpu_cpu = ~0u;  // whose FPU held its values last
    uint64_t user_ticks = 0, system_ticks = 0;
    ThreadLife life;
};

// ---- from the boot ----

// Effect: this CPU has a thread from now on: the boot itself, which ends as the CPU's idle thread.
// Context: boot, once a CPU, interrupts off.
void init_cpu();

// Effect: the thread of the first program, not yet complete: the boot loads the program into it. Context:
// boot.
core::Thread& first_thread();

// Effect: it runs its program, and the caller becomes the idle thread. Context: boot.
[[noreturn]] void run_first_thread(core::Thread& thread);

// Effect: runs whoever wants this CPU, and sleeps while nobody does. Context: a CPU's first thread.
[[noreturn]] void idle();

// ---- from traps ----

// Effect: another thread's turn, if one waits. Context: may sleep.
void give_way(core::Thread& thread);

// Effect: the same for code of the kernel that an interrupt found preemptible, if that was asked for.
// Context: leaving an interrupt, interrupts off.
void preempt_kernel(arch::Cpu& cpu);

// Effect: the program that runs, on whichever CPU it does, reports itself soon (core::Work). Context:
// interrupt.
void request_status_report();

// Effect: a tick found this CPU in user mode, or in the kernel: whose time it was. Context: interrupt.
void count_tick(arch::Cpu& cpu, bool in_user_mode);

// Effect: how long the thread, and all threads of its process, have run, in ns. Context: any.
uint64_t thread_time_ns(core::Thread& thread);
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
