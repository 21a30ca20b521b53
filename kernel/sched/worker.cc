// Threads of the kernel that work for interrupts. Contract: sched/door.h.
#include "core/current.h"
#include "sched/scheduler.h"
#include "sync/wait_queue.h"

namespace sched {

Result<void> Worker::prepare() {
    thread_ = TRY(make_thread({}, run));
    thread_->tid = 0;
    thread_->name = name_;
    thread_->sched.worker = this;
    return {};
}

// The first request starts the thread: until then it takes no part in anything. A request that comes while it
// is being started wakes nobody, but the thread looks before it sleeps.
void Worker::set_to_work() {
    is_requested_.store(1);
    if (is_started_.exchange(1) == 0) return start_thread(*thread_);
    sync::wake(*thread_);
}

void Worker::run() {
    Worker& self = *core::current().sched.worker;
    sync::NoGuard none;
    for (;;) {
        sync::sleep_until(none, sync::How::kUninterruptible, sync::kNoDeadline,
                          [&] { return self.is_requested_.exchange(0) != 0; });
        self.work_();
    }
}

}  // namespace sched
