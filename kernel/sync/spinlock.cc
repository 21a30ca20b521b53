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

uint32_t this_owner() { return arch::this_cpu()->index + 1; }

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
    return owner_.load(lib::Order::kRelaxed) == this_owner();
}

void SpinLock::acquire() {
    disable_preemption();
    if (held_by_this_cpu()) PANIC("spinlock '{}' taken twice by one CPU", name_of(rank_));
    note_acquire(rank_);
    uint32_t nobody = 0;
    if (!owner_.compare_exchange(nobody, this_owner(), lib::Order::kAcquire)) wait_for_turn();
}

// A CPU that takes a lock again and again may leave the others none of it: its cache has the lock. So one
// that has tried for milliseconds puts its name down, and the holder hands the lock over, round the CPUs.
// Not at once: while a host does not run the CPU whose turn it is, nobody else has the lock either.
void SpinLock::wait_for_turn() {
    constexpr unsigned kPatience = 100'000;
    const uint32_t me = this_owner(), my_bit = 1u << (me - 1);
    for (unsigned tries = 1; owner_.load(lib::Order::kAcquire) != me; tries++) {
        uint32_t nobody = 0;
        if (owner_.compare_exchange(nobody, me, lib::Order::kAcquire)) {
            waiting_.fetch_and(~my_bit, lib::Order::kRelaxed);
            return;
        }
        if (tries == kPatience) waiting_.fetch_or(my_bit, lib::Order::kRelaxed);
        arch::pause_cpu();
    }
}

void SpinLock::hand_over(uint32_t waiting) {
    uint32_t next = arch::this_cpu()->index;
    do {
        next = (next + 1) % arch::kMaxCpus;
    } while ((waiting >> next & 1) == 0);
    waiting_.fetch_and(~(1u << next), lib::Order::kRelaxed);
    owner_.store(next + 1, lib::Order::kRelease);
}

void SpinLock::release() {
    if (!held_by_this_cpu()) PANIC("spinlock '{}' given back by a CPU without it", name_of(rank_));
    const uint32_t waiting = waiting_.load(lib::Order::kRelaxed);
    if (waiting == 0) [[likely]] {
        owner_.store(0, lib::Order::kRelease);
    } else {
        hand_over(waiting);
    }
    note_release(rank_);
    enable_preemption();
}

}  // namespace sync
