// Sleeping and waking. Contract: sync/blocking.h, whose functions these are.
#include "sched/sleep.h"
#include "core/clock.h"
#include "core/current.h"
#include "lib/todo.h"
#include "sched/scheduler.h"
#include "signal/door.h"
#include "sync/blocking.h"
#include "time/timers.h"

namespace sched {

// Between prepare_to_sleep() and here the thread has looked at what it waits for. If a wake-up came since,
// is_sleepy is 0 again, and sleeping would be for ever.
//
//     the sleeper                      the one who wakes
//     is_sleepy = 1
//     looks: not yet                   what it waits for comes true
//     block: locks its queue           wake: locks the same queue
//       is_sleepy? then kBlocked         is_sleepy = 0
//       switch_away                      kBlocked? then make_ready
//
//   block  With the run queue of this CPU locked: if the thread is still sleepy, it is kBlocked and
//          switches away, which also gives the lock back; otherwise give it back (unlock).
//   wake_thread  With the queue of the thread locked (lock_queue_of): it is not sleepy any more. If it is
//          kBlocked, make_ready, which also gives the lock back; otherwise give it back.
// Interrupts are off, here and there.
// ROOM processes.3 begin: sleep and wake
void block(ThreadPart& self) {
    RunQueue& queue = lock_queue_of(self);
    if (self.is_sleepy.load() == 0) {
        unlock(queue);
        return;
    }
    self.state = ThreadState::kBlocked;
    switch_away(queue);
}

void wake_thread(ThreadPart& thread) {
    RunQueue& queue = lock_queue_of(thread);
    thread.is_sleepy.store(0);
    if (thread.state == ThreadState::kBlocked) {
        make_ready(queue, thread);
    } else {
        unlock(queue);
    }
}
// ROOM processes.3 end

}  // namespace sched

namespace sync {

void prepare_to_sleep() { core::current().sched.is_sleepy.store(1); }

void cancel_sleep() { core::current().sched.is_sleepy.store(0); }

namespace {

struct Alarm : time::Timer {
    explicit Alarm(core::Thread& whose) : Timer(ring), thread(whose) {}
    static void ring(time::Timer& timer) { wake(static_cast<Alarm&>(timer).thread); }

    core::Thread& thread;
};

}  // namespace

void sleep(uint64_t deadline_ns) {
    arch::InterruptGuard interrupts;
    core::Thread& self = core::current();
    if (deadline_ns == kNoDeadline) return sched::block(self.sched);
    Alarm alarm(self);
    time::start_timer(alarm, deadline_ns);
    sched::block(self.sched);
    time::cancel_timer(alarm);
}

void wake(core::Thread& thread) {
    arch::InterruptGuard interrupts;
    sched::wake_thread(thread.sched);
}

bool must_give_up(How how) {
    core::Thread& self = core::current();
    switch (how) {
        case How::kUninterruptible: return false;
        case How::kKillable: return signal::must_end(self);
        case How::kInterruptible: return core::asks(self.work.load(), core::Work::kSignal);
    }
    return false;
}

bool has_passed(uint64_t deadline_ns) {
    return deadline_ns != kNoDeadline && core::now_ns() >= deadline_ns;
}

}  // namespace sync
