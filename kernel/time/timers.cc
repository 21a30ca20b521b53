// Contract: time/timers.h. Only its own CPU puts timers into a queue and takes due ones out; any CPU may
// take one out that it cancels.
#include "time/timers.h"

#include "arch/cpu.h"
#include "core/clock.h"
#include "sync/spinlock.h"
#include "time/tick.h"

namespace time {

namespace {

struct Queue {
    sync::SpinLock lock{sync::LockRank::kTimers};
    TimerQueue timers GUARDED_BY(lock);
    Timer* expiring GUARDED_BY(lock) = nullptr;  // whose expire() runs
};

constinit Queue queues[arch::kMaxCpus];

// The hardware is never asked for more at once: conversions stay exact, and when it strikes too early it
// is armed again.
constexpr uint64_t kLongestSpanNs = 1000 * core::kNsPerSecond;

// Effect: the first clock tick at which core::now_ns() has reached this time.
uint64_t clock_tick_of(uint64_t deadline_ns) {
    const uint64_t now = arch::read_clock();
    const uint64_t now_ns = core::ticks_to_ns(now);
    if (deadline_ns <= now_ns) return now;
    const uint64_t span = deadline_ns - now_ns;
    return now + core::ns_to_ticks(span < kLongestSpanNs ? span : kLongestSpanNs) + 1;
}

// Effect: the next timer that is due, taken out; the one from before has expired. Null: none is due.
Timer* next_due(Queue& queue) {
    sync::SpinGuard guard(queue.lock);
    queue.expiring = queue.timers.take_due(core::now_ns());
    return queue.expiring;
}

}  // namespace

void start_timer(Timer& timer, uint64_t deadline_ns) {
    arch::InterruptGuard interrupts;
    arch::Cpu& cpu = *arch::this_cpu();
    Queue& queue = queues[cpu.index];
    timer.cpu = cpu.index;
    timer.deadline_ns = deadline_ns;
    bool is_first;
    {
        sync::SpinGuard guard(queue.lock);
        queue.timers.insert(timer);
        is_first = queue.timers.first() == &timer;
    }
    if (is_first) strike_by(cpu, clock_tick_of(deadline_ns));
}

// Without the queue's lock expire() may take any lock and start timers, so somebody else can be here while
// it runs, and waits.
bool cancel_timer(Timer& timer) {
    Queue& queue = queues[timer.cpu];
    for (bool had_begun = false;; had_begun = true) {
        {
            sync::InterruptSpinGuard guard(queue.lock);
            if (timer.node.is_linked()) {
                queue.timers.remove(timer);
                return !had_begun;
            }
            if (queue.expiring != &timer) return false;
        }
        arch::pause_cpu();
    }
}

void run_timers(arch::Cpu& cpu) {
    Queue& queue = queues[cpu.index];
    while (Timer* timer = next_due(queue)) timer->expire(*timer);
}

uint64_t earliest_timer(const arch::Cpu& cpu) {
    Queue& queue = queues[cpu.index];
    sync::SpinGuard guard(queue.lock);
    const Timer* timer = queue.timers.first_after(core::now_ns());
    return timer == nullptr ? kNever : clock_tick_of(timer->deadline_ns);
}

}  // namespace time
