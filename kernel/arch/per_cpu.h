// The per-CPU block: what a CPU knows about itself. arch::this_cpu() points to it in every context.
#pragma once
#include <cstdint>
#include <span>

#include "lib/atomic.h"
#include "port/per_cpu.h"

namespace core {
struct Thread;
}

namespace arch {

inline constexpr unsigned kMaxCpus = 8;
inline constexpr unsigned kEmergencyStackSize = 4096;

struct Cpu {
    // Read by assembly at fixed offsets (arch/<cpu>/offsets.h).
    uint64_t stack_low;      // the lowest address of the stack that this CPU runs on
    uint64_t emergency_top;  // the top of the stack for reporting that the other one is full
    uint64_t overflowed_sp;  // sp when the stack was found full, else 0
    [[no_unique_address]] CpuPort port;

    unsigned index;        // 0 is the CPU that booted
    unsigned hardware_id;  // the hardware's name for it

    // Only this CPU writes these; interrupt handlers do too, so they change with interrupts off.
    unsigned preempt_count;    // the kernel may be preempted when zero and interrupts are on
    unsigned interrupt_depth;  // handlers that are running, one inside another
    bool
        preemption_is_due;  // asked for while preempt_count was not zero: preempt where it becomes zero
    core::Thread* running;   // whose user registers enter_user loads, or none
    uint64_t ticks;          // timer interrupts taken
    uint64_t next_deadline;  // of the timer, in clock ticks
    uint64_t lock_ranks;     // a bit for each rank of lock held (debug builds, sync/spinlock.h)

    const core::Thread* fpu_owner;  // whose values its FPU has loaded last (core/fpu.h)

    // From nothing to a CPU that others may ask for something, or one that came too late and must not run.
    enum State : uint32_t { kAbsent, kArriving, kOnline, kGivenUp };
    lib::Atomic<uint32_t> state;
    bool is_online() const { return state.load(lib::Order::kAcquire) == kOnline; }
};

extern "C" Cpu cpu_blocks[kMaxCpus];

// Effect: fills the blocks of these CPUs (the hardware's names); the first is the one that runs.
// Context: boot.
void init_cpus(std::span<const unsigned> hardware_ids);

// Effect: the CPU has come, and makes itself ready; false if it was given up: then it must not go on. The
// other way round: it is given up; false if it came after all. Context: boot.
bool appear(Cpu& cpu);
bool give_up_cpu(Cpu& cpu);

// Effect: it is ready: it has all that others may ask of it, a run queue above all. Context: boot, that CPU.
void come_online(Cpu& cpu);

// Effect: how many CPUs the machine has (at most kMaxCpus are counted) and how many of them run.
unsigned cpu_count();
unsigned online_cpu_count();

}  // namespace arch
