// Spinlocks and, in debug builds, the checks of rank, owner and interrupts.
#include "sync/spinlock.h"

#include "arch/per_cpu.h"
#include "lib/assert.h"

namespace sync {

const char* name_of(LockRank rank) {
    switch (rank) {
        case LockRank::kFiles: return "files";
        case LockRank::kNames: return "file names";
        case LockRank::kNode: return "file attributes";
        case LockRank::kFamily: return "family of processes";
        case LockRank::kSignals: return "signal actions";
        case LockRank::kSharing: return "owners of files";
        case LockRank::kSpaces: return "address spaces";
        case LockRank::kAddressSpace: return "address space";
        case LockRank::kShootdown: return "shootdown";
        case LockRank::kKernelStacks: return "kernel stacks";
        case LockRank::kPageSource: return "page source";
        case LockRank::kHeap: return "heap";
        case LockRank::kFrames: return "page frames";
        case LockRank::kProgram: return "program of a process";
        case LockRank::kRandom: return "random numbers";
        case LockRank::kMutex: return "mutex";
        case LockRank::kTerminal: return "terminal";
        case LockRank::kConsoleInput: return "console input";
        case LockRank::kWaitQueue: return "wait queue";
        case LockRank::kTimers: return "timers";
        case LockRank::kRunQueue: return "run queue";
        case LockRank::kConsole: return "console";
        case LockRank::kLast: break;
    }
    return "?";
}

namespace {

constexpr uint32_t kHolder = 0xff;
constexpr unsigned kWaitingShift = 8;
static_assert(arch::kMaxCpus < kHolder && arch::kMaxCpus <= 32 - kWaitingShift);

uint32_t this_holder() { return arch::this_cpu()->index + 1; }

#ifndef NDEBUG
void note_acquire(LockRank rank) {
    arch::Cpu& cpu = *arch::this_cpu();
    const unsigned number = static_cast<unsigned>(rank);
    // Bits at or above this rank are locks that come later in the order.
    const uint64_t wrong = cpu.lock_ranks >> number;
    if (wrong != 0) {
        unsigned held = number;
        while ((cpu.lock_ranks >> held & 1) == 0) held++;
        cpu.lock_ranks = 0;  // the panic itself takes locks
        PANIC("lock order: taking '{}' while holding '{}'", name_of(rank),
              name_of(static_cast<LockRank>(held)));
    }
    if (may_await_interrupts(rank) && !arch::interrupts_enabled()) {
        PANIC("taking '{}' with interrupts off: its holder may be waiting for this CPU",
              name_of(rank));
    }
    cpu.lock_ranks |= uint64_t{1} << number;
}

void note_release(LockRank rank) {
    arch::this_cpu()->lock_ranks &= ~(uint64_t{1} << static_cast<unsigned>(rank));
}
#else
void note_acquire(LockRank) {}
void note_release(LockRank) {}
#endif

}  // namespace

bool SpinLock::held_by_this_cpu() const {
    return (state_.load(lib::Order::kRelaxed) & kHolder) == this_holder();
}

void SpinLock::acquire() {
    disable_preemption();
    note_acquire(rank_);
    uint32_t state = 0;
    if (!state_.compare_exchange(state, this_holder(), lib::Order::kAcquire)) [[unlikely]] {
        if ((state & kHolder) == this_holder()) {
            PANIC("spinlock '{}' taken twice by one CPU", name_of(rank_));
        }
        wait_for_turn();
    }
}

// A CPU that takes a lock again and again may leave the others none of it: its cache has the lock. So one
// that has tried for milliseconds puts its name down, and the holder hands the lock over, round the CPUs.
// Not at once: while a host does not run the CPU whose turn it is, nobody else has the lock either.
void SpinLock::wait_for_turn() {
    constexpr unsigned kPatience = 100'000;
    const uint32_t me = this_holder(), my_bit = 1u << (me - 1 + kWaitingShift);
    for (unsigned tries = 1;; tries++) {
        uint32_t state = state_.load(lib::Order::kAcquire);
        if ((state & kHolder) == me) return;  // handed over
        if (state == 0) {
            if (state_.compare_exchange(state, me, lib::Order::kAcquire)) return;
        } else if (tries >= kPatience && (state & my_bit) == 0) {
            // A release that does not see it yet frees the lock without it; then it is put down again.
            state_.compare_exchange(state, state | my_bit, lib::Order::kRelaxed);
        }
        arch::pause_cpu();
    }
}

void SpinLock::hand_over(uint32_t state) {
    uint32_t next = arch::this_cpu()->index, taken;
    do {
        next = (next + 1) % arch::kMaxCpus;
    } while ((state >> kWaitingShift >> next & 1) == 0);
    do {
        taken = ((state & ~kHolder) & ~(1u << (next + kWaitingShift))) | (next + 1);
    } while (!state_.compare_exchange(state, taken, lib::Order::kRelease));
}

void SpinLock::release() {
    const uint32_t state = state_.load(lib::Order::kRelaxed);
    if (state == this_holder()) [[likely]] {
        state_.store(0, lib::Order::kRelease);
    } else if ((state & kHolder) == this_holder()) {
        hand_over(state);
    } else {
        PANIC("spinlock '{}' given back by a CPU without it", name_of(rank_));
    }
    note_release(rank_);
    enable_preemption();
}

}  // namespace sync
