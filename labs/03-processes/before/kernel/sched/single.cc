// Contract: sched/door.h, and the way to sleep of sync/blocking.h.
#include "arch/cpu.h"
#include "core/clock.h"
#include "core/thread.h"
#include "entry/door.h"
#include "sched/door.h"
#include "sync/blocking.h"
#include "task/door.h"

namespace sched {

void idle() { entry::idle(); }

namespace {

using Work = void (*)();
lib::Atomic<Work> requested{nullptr};

void do_requested_work() {
    if (const Work work = requested.exchange(nullptr)) work();
}

}  // namespace

void Worker::set_to_work() {
    requested.store(work_);
    task::first_thread().request(core::Work::kReschedule);
}

void give_way(core::Thread&) { do_requested_work(); }

void preempt_kernel(arch::Cpu&) {}

void request_status_report() { task::first_thread().request(core::Work::kStatusReport); }

// One program has it all.
uint64_t thread_time_ns(core::Thread&) { return core::now_ns(); }

}  // namespace sched

// ---- sleeping, for one thread: whatever it waits for, an interrupt brings it ----------------------------

namespace sync {

void prepare_to_sleep() {}
void cancel_sleep() {}
void let_others_run() {}
void wake(core::Thread&) {}
bool must_give_up(How) { return false; }
bool has_passed(uint64_t deadline_ns) { return core::now_ns() >= deadline_ns; }

// An interrupt between the predicate and here is missed, unless it has left work; the next tick comes within
// a hundredth of a second.
void sleep(uint64_t) {
    {
        const arch::InterruptGuard interrupts;
        if (sched::requested.load() == nullptr) arch::wait_for_interrupt();
    }
    sched::do_requested_work();
}

}  // namespace sync
