// Contract: sync/mutex.h.
#include "sync/mutex.h"

namespace sync {

// Nobody waits while it is free, which is nearly always: then no name is put down.
void Mutex::acquire() NO_THREAD_SAFETY_ANALYSIS {
    SpinGuard guard(lock_);
    if (is_taken_) {
        waiters_.wait_until(guard, How::kUninterruptible, kNoDeadline,
                            [&]() REQUIRES(lock_) { return !is_taken_; });
    }
    is_taken_ = true;
}

void Mutex::release() NO_THREAD_SAFETY_ANALYSIS {
    {
        SpinGuard guard(lock_);
        is_taken_ = false;
    }
    waiters_.wake_one();
}

}  // namespace sync
