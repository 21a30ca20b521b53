// A thread of execution in user mode: its registers and what the kernel must do before they run again.
//
// Labs add what they need as one member struct each, from their door. Only the thread itself touches it,
// unless a field says otherwise.
#pragma once
#include <cstdint>
#include "lib/atomic.h"

#include "arch/fpu.h"
#include "arch/kernel_context.h"
#include "arch/user_context.h"
#include "core/credentials.h"
#include "fs/door.h"
#include "futex/door.h"
#include "lib/text.h"
#include "mm/door.h"
#include "ptrace/door.h"
#include "sched/door.h"
#include "signal/door.h"
#include "task/door.h"

namespace core {

// What stands between a thread and user mode; a bit each of Thread::work.
enum class Work : uint32_t {
    kReschedule = 1,    // its time slice has ended
    kStatusReport = 2,  // somebody at the console pressed Ctrl-T
    kSignal = 4,        // a signal has come that ends it, or that it must handle
};

// The system call that a thread makes, or made last. Its registers change: on RISC-V the result takes the
// place of the first argument.
struct CallRecord {
    uint64_t number = 0;
    uint64_t first_argument = 0;
    bool is_call = false;  // the kernel was entered by it, not by an interrupt or a fault
};

struct Process;

struct Thread {
    arch::UserContext user;      // valid while the kernel runs
    arch::FpuState fpu;          // valid while another thread runs, or once saved (core/fpu.h)
    arch::KernelContext kernel;  // valid while another thread runs
    CallRecord call;
    const arch::Cpu* fpu_cpu = nullptr;  // whose FPU has loaded `fpu` last, and it did not change
    int tid = 1;
    lib::Text name;  // of its program
    Process* process = nullptr;
    Credentials
        credentials;  // others read them with task's family lock held, as does who changes them
    [[no_unique_address]] mm::ThreadPart memory;
    [[no_unique_address]] fs::ThreadPart files;
    [[no_unique_address]] sched::ThreadPart sched;
    [[no_unique_address]] task::ThreadPart task;
    [[no_unique_address]] signal::ThreadPart signal;
    [[no_unique_address]] futex::ThreadPart futex;
    [[no_unique_address]] ptrace::ThreadPart ptrace;

    // Set by interrupt handlers of any CPU, taken by the thread itself.
    lib::Atomic<uint32_t> work{0};

    void request(Work what) { work.fetch_or(static_cast<uint32_t>(what), lib::Order::kRelease); }
    bool has_work() const {
        // Rarely: the compiler lays the way to user mode out straight.
        return __builtin_expect(work.load(lib::Order::kRelaxed) != 0, false);
    }
    // Effect: all requests until now, which are thereby taken.
    uint32_t take_work() { return work.exchange(0, lib::Order::kAcquire); }
};

constexpr bool asks(uint32_t work, Work what) { return (work & static_cast<uint32_t>(what)) != 0; }

}  // namespace core
