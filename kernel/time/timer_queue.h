// Timers in the order of their deadlines: the data structure alone, which host tests know too. The timers
// of the CPUs, with their locks and the hardware: timers.h.
#pragma once
#include <cstdint>

#include "lib/tree.h"

namespace time {

// Something to do at a time. Lies in the object that it is for, and borrows it: whoever starts it cancels
// it before the object goes.
struct Timer {
    // Effect: what is to be done. Context: interrupt, no lock held; the timer may be started again.
    using Expire = void (*)(Timer& timer);

    explicit constexpr Timer(Expire what) : expire(what) {}

    const Expire expire;
    uint64_t deadline_ns = 0;  // by core::now_ns()
    unsigned cpu = 0;          // on which it was started last
    lib::TreeNode node;        // linked while it waits
};

// All operations take O(log n). Context: the owner's lock is held.
class TimerQueue {
public:
    void insert(Timer& timer) { timers_.insert(timer); }
    void remove(Timer& timer) { timers_.remove(timer); }

    // The earliest, and the earliest of those whose deadline is still to come; null: none.
    Timer* first() const { return timers_.first(); }
    Timer* first_after(uint64_t now_ns) const { return timers_.first_not_below(now_ns + 1); }

    // Effect: takes the earliest out if its deadline has come, else null. Of equal deadlines the one that
    // was put in first comes first.
    Timer* take_due(uint64_t now_ns) {
        Timer* timer = first();
        if (timer == nullptr || timer->deadline_ns > now_ns) return nullptr;
        timers_.remove(*timer);
        return timer;
    }

private:
    struct Rules {
        static uint64_t key(const Timer& timer) { return timer.deadline_ns; }
        static bool update(Timer&, const Timer*, const Timer*) { return false; }
    };
    lib::Tree<Timer, &Timer::node, Rules> timers_;
};

}  // namespace time
