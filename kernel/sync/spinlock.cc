// Spinlocks and, in debug builds, the checks of rank and owner.
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
        case LockRank::kAddressSpace: return "address space";
        case LockRank::kKernelStacks: return "kernel stacks";
        case LockRank::kShootdown: return "shootdown";
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
    while (!owner_.compare_exchange(nobody, this_owner(), lib::Order::kAcquire)) {
        nobody = 0;
        arch::pause_cpu();
    }
}

void SpinLock::release() {
    if (!held_by_this_cpu()) PANIC("spinlock '{}' given back by a CPU without it", name_of(rank_));
    owner_.store(0, lib::Order::kRelease);
    note_release(rank_);
    enable_preemption();
}

}  // namespace sync
