// Mutual exclusion for long stretches of code that may sleep: one thread at a time, the others wait.
//
//   sync::MutexGuard guard(writing_);
//
// No spinlock is held when it is taken. Threads that hold one mutex take a second only where a comment
// says in which order.
#pragma once
#include <cstdint>

#include "sync/annotations.h"
#include "sync/wait_queue.h"

namespace sync {

class CAPABILITY("mutex") Mutex {
public:
    constexpr Mutex() = default;
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

    // Effect: waits until nobody has the mutex and takes it. Context: may sleep.
    void acquire() ACQUIRE();
    // Effect: gives it back. Context: the thread has it.
    void release() RELEASE();

private:
    SpinLock lock_{LockRank::kMutex};
    bool is_taken_ GUARDED_BY(lock_) = false;
    WaitQueue waiters_;
};

class SCOPED_CAPABILITY MutexGuard {
public:
    explicit MutexGuard(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.acquire(); }
    ~MutexGuard() RELEASE() { mutex_.release(); }
    MutexGuard(const MutexGuard&) = delete;
    MutexGuard& operator=(const MutexGuard&) = delete;

    // For sleeping within the guard's scope (wait_queue.h): the mutex is free from unlock() to lock().
    void unlock() NO_THREAD_SAFETY_ANALYSIS { mutex_.release(); }
    void lock() NO_THREAD_SAFETY_ANALYSIS { mutex_.acquire(); }

private:
    Mutex& mutex_;
};

}  // namespace sync
