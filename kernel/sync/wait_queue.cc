// Contract: sync/wait_queue.h.
#include "sync/wait_queue.h"

#include "arch/cpu.h"
#include "arch/per_cpu.h"

namespace sync {

Waiter::Waiter(WaitQueue& queue) : thread_(*arch::this_cpu()->running), queue_(queue) {
    InterruptSpinGuard guard(queue_.lock_);
    queue_.waiters_.push_back(*this);
    queue_.count_.fetch_add(1);
}

Waiter::~Waiter() {
    InterruptSpinGuard guard(queue_.lock_);
    queue_.waiters_.remove(*this);
    queue_.count_.fetch_add(-1u);
}

// The queue's lock is held while a waiter is woken: its name stays, and so does its thread. A waiter that
// is not yet counted looks at its predicate after it is, and finds what the caller has done before.
void WaitQueue::wake_all() {
    if (count_.load() == 0) return;
    InterruptSpinGuard guard(lock_);
    for (Waiter& waiter : waiters_) wake(waiter.thread_);
}

void WaitQueue::wake_one() {
    if (count_.load() == 0) return;
    InterruptSpinGuard guard(lock_);
    if (Waiter* first = waiters_.front()) wake(first->thread_);
}

}  // namespace sync
