// Mutual exclusion between CPUs for short stretches of code that never sleep.
//
//   sync::SpinLock lock{sync::LockRank::kConsole};
//   char line[80] GUARDED_BY(lock);
//   { sync::SpinGuard guard(lock); … }
//
// Holding a lock keeps the kernel from being preempted. A lock that interrupt handlers take as well is
// taken with interrupts off, everywhere: InterruptSpinGuard. Next to read: lock_rank.h, preempt.h.
#pragma once
#include <cstdint>
#include "lib/atomic.h"

#include "arch/cpu.h"
#include "sync/annotations.h"
#include "sync/lock_rank.h"
#include "sync/preempt.h"

namespace sync {

class CAPABILITY("spinlock") SpinLock {
public:
    constexpr explicit SpinLock(LockRank rank) : rank_(rank) {}
    SpinLock(const SpinLock&) = delete;
    SpinLock& operator=(const SpinLock&) = delete;

    // Effect: waits until the lock is free and takes it. Context: any, with interrupts on if others may
    // be waited for under such a lock (may_await_interrupts); not held by this CPU, no lock of the same
    // or a later rank held. Debug builds panic and name the locks otherwise.
    void acquire() ACQUIRE();
    // Effect: gives the lock back. Context: held by this CPU.
    void release() RELEASE();
    bool held_by_this_cpu() const;

private:
    void wait_for_turn();
    void hand_over(uint32_t state);

    // 0: free. Else the holder's CPU, its index + 1, in the lowest byte; above it a bit for each CPU that
    // waits to have the lock handed over. One word, so that a lock nobody waits for costs nothing more.
    lib::Atomic<uint32_t> state_{0};
    const LockRank rank_;
};

class SCOPED_CAPABILITY SpinGuard {
public:
    explicit SpinGuard(SpinLock& lock) ACQUIRE(lock) : lock_(lock) { lock_.acquire(); }
    ~SpinGuard() RELEASE() { lock_.release(); }
    SpinGuard(const SpinGuard&) = delete;
    SpinGuard& operator=(const SpinGuard&) = delete;

    // For sleeping within the guard's scope (wait_queue.h): the lock is free from unlock() to lock().
    void unlock() NO_THREAD_SAFETY_ANALYSIS { lock_.release(); }
    void lock() NO_THREAD_SAFETY_ANALYSIS { lock_.acquire(); }

private:
    SpinLock& lock_;
};

// For locks that interrupt handlers take too.
class SCOPED_CAPABILITY InterruptSpinGuard {
public:
    explicit InterruptSpinGuard(SpinLock& lock) ACQUIRE(lock)
        : were_enabled_(arch::disable_interrupts_and_tell()), lock_(lock) {
        lock_.acquire();
    }
    ~InterruptSpinGuard() RELEASE() {
        lock_.release();
        allow_interrupts();
    }
    InterruptSpinGuard(const InterruptSpinGuard&) = delete;
    InterruptSpinGuard& operator=(const InterruptSpinGuard&) = delete;

    void unlock() NO_THREAD_SAFETY_ANALYSIS {
        lock_.release();
        allow_interrupts();
    }
    void lock() NO_THREAD_SAFETY_ANALYSIS {
        arch::disable_interrupts();
        lock_.acquire();
    }

private:
    void allow_interrupts() const {
        if (!were_enabled_) return;
        arch::enable_interrupts();
        scheduling_point();
    }

    const bool were_enabled_;
    SpinLock& lock_;
};

}  // namespace sync
