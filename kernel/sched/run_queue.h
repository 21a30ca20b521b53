// The threads that want one CPU, in the order of their turns: whoever had the least CPU time, weighed by
// its nice value, is next. So all get their share, and a thread that slept is not kept waiting.
//
// Its lock guards the states of all threads that belong to it (ThreadPart::cpu). It is taken with
// interrupts off, held across every switch of its CPU, and given back on the other side (scheduler.cc).
#pragma once
#include <cstdint>

#include "core/thread.h"
#include "lib/tree.h"
#include "sync/spinlock.h"

namespace sched {

inline bool may_use(const ThreadPart& thread, uint32_t cpu) {
    return (thread.affinity.load() >> cpu & 1) != 0;
}

// Linux's weights (sched(7), "The nice value"): a step is worth about a quarter; 1024 is nice 0.
// Who is SCHED_IDLE runs when others leave the CPU, and a little besides, whatever its nice value.
inline constexpr uint64_t kWeightOfNiceZero = 1024;
uint64_t weight_of(const ThreadPart& thread);

class RunQueue {
public:
    // Effect: `thread`, which is kReady, waits for its turn behind all threads that had no more CPU time.
    // After a long sleep its virtual time is raised to the queue's least, so that it cannot hog the CPU.
    void enqueue(ThreadPart& thread) REQUIRES(lock);

    // Effect: takes out the thread whose turn it is; null if nobody waits.
    ThreadPart* pick_next() REQUIRES(lock);

    // Effect: a thread that runs has used the CPU for so long.
    static void charge(ThreadPart& thread, uint64_t ns);

    // Effect: takes out a thread that waits.
    void remove(ThreadPart& thread) REQUIRES(lock);

    // Effect: a thread that waits and may run on `cpu` instead, or null. Context: as above.
    ThreadPart* find_for(uint32_t cpu) REQUIRES(lock);

    // Effect: the CPU's time counts from now on. Context: nobody else knows of the queue yet.
    void begin(uint64_t now) NO_THREAD_SAFETY_ANALYSIS { switched_at = now; }

    // How many wait. Anybody may read it, for a guess.
    uint32_t length() const { return length_.load(lib::Order::kRelaxed); }

    // The thread whose turn is next, or null.
    const ThreadPart* first() const REQUIRES(lock) { return ready_.first(); }

    // A thread that waits nowhere changes queues. Virtual time counts from the queue's least: subtract
    // that of the old queue, add that of the new one. A thread that is behind its queue's least starts
    // at it.
    void make_time_relative(ThreadPart& thread) REQUIRES(lock) {
        thread.virtual_time -= thread.virtual_time < least_ ? thread.virtual_time : least_;
    }
    void make_time_absolute(ThreadPart& thread) REQUIRES(lock) { thread.virtual_time += least_; }

    // Effect: no thread that comes in from now on is behind this virtual time. The queue hears only so of the
    // time of a thread that runs on and on.
    void raise_least(uint64_t virtual_time) REQUIRES(lock) {
        if (virtual_time > least_) least_ = virtual_time;
    }

    sync::SpinLock lock{sync::LockRank::kRunQueue};

    // Of the CPU itself; changed at its switches.
    uint64_t switched_at GUARDED_BY(lock) = 0;  // clock ticks
    core::Thread* idle_thread = nullptr;
    // For /proc: only the CPU itself counts, others read.
    lib::Atomic<uint64_t> switches{0};
    lib::Atomic<uint64_t> user_ticks{0}, nice_ticks{0}, system_ticks{0};  // while it was not idle
    core::Thread* left GUARDED_BY(lock) =
        nullptr;  // ended, or must go to another CPU: once off its stack

private:
    struct Rules {
        static uint64_t key(const ThreadPart& thread) { return thread.virtual_time; }
        static bool update(ThreadPart&, const ThreadPart*, const ThreadPart*) { return false; }
    };

    lib::Tree<ThreadPart, &ThreadPart::ready_node, Rules> ready_ GUARDED_BY(lock);
    lib::Atomic<uint32_t> length_{0};
    uint64_t least_ GUARDED_BY(lock) = 0;  // no thread that comes in is behind it; never goes back
};

}  // namespace sched
