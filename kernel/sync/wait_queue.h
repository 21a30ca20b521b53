// The one way to sleep: until a predicate holds.
//
//   sync::SpinGuard guard(lock_);
//   const auto woken = filled_.wait_until(guard, sync::How::kInterruptible, sync::kNoDeadline,
//                                         [&] { return count_ != 0; });
//   if (woken == sync::Woken::kInterrupted) return Errno{ERESTARTSYS};
//
// The predicate is looked at with the guard's lock held. Whoever makes it true holds that lock to do so
// and calls wake_all() or wake_one() then or after: the sleeper has put its name down before it looks,
// so no wake-up is lost. Waking is cheap when nobody waits.
#pragma once
#include <cstdint>

#include "lib/atomic.h"
#include "lib/list.h"
#include "sync/blocking.h"
#include "sync/spinlock.h"

namespace sync {

class WaitQueue;

// One thread's name in one queue, from its making to its end. For poll(2), which waits in many queues at
// once; everybody else calls wait_until().
class Waiter {
public:
    explicit Waiter(WaitQueue& queue);
    ~Waiter();
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

private:
    friend class WaitQueue;

    ListNode link_;
    core::Thread& thread_;
    WaitQueue& queue_;
};

// For a predicate that needs no lock, or takes locks of its own.
struct NoGuard {
    void unlock() {}
    void lock() {}
};

enum class Woken : uint8_t {
    kReady,        // the predicate holds
    kTimedOut,     // it does not, and the deadline is over
    kInterrupted,  // it does not, and a signal has come
};

// Effect: sleeps until `predicate()` holds, the deadline (core::now_ns()) is over, or a signal ends a
// sleep of that kind; looked at in this order. The caller's name stands in the queues that will wake it.
// Context: may sleep; the guard's lock is the only spinlock held, and is held when this returns.
template <typename Guard, typename Predicate>
Woken sleep_until(Guard& guard, How how, uint64_t deadline_ns,
                  Predicate predicate) NO_THREAD_SAFETY_ANALYSIS {
    for (;;) {
        prepare_to_sleep();
        const bool is_ready = predicate();
        const bool gives_up = !is_ready && must_give_up(how);
        if (is_ready || gives_up || has_passed(deadline_ns)) {
            cancel_sleep();
            if (is_ready) return Woken::kReady;
            return gives_up ? Woken::kInterrupted : Woken::kTimedOut;
        }
        guard.unlock();
        sleep(deadline_ns);
        guard.lock();
    }
}

class WaitQueue {
public:
    constexpr WaitQueue() = default;
    WaitQueue(const WaitQueue&) = delete;
    WaitQueue& operator=(const WaitQueue&) = delete;

    // Effect: sleep_until() with the caller's name in this queue.
    template <typename Guard, typename Predicate>
    Woken wait_until(Guard& guard, How how, uint64_t deadline_ns, Predicate predicate) {
        Waiter waiter(*this);
        return sleep_until(guard, how, deadline_ns, predicate);
    }

    // Effect: all who wait look at their predicates again, or the one who has waited longest.
    // Context: any, interrupts too; locks of ranks before kWaitQueue may be held.
    void wake_all();
    void wake_one();

private:
    friend class Waiter;

    SpinLock lock_{LockRank::kWaitQueue};
    lib::List<Waiter, &Waiter::link_> waiters_ GUARDED_BY(lock_);
    lib::Atomic<uint32_t> count_{0};  // of the waiters; read without the lock
};

}  // namespace sync
