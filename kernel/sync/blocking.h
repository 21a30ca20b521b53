// What sleeping asks of the scheduler: declared here, below it, and fulfilled by lab processes
// (sched/sleep.cc) or by its stand-in, where the one thread that there is sleeps by waiting for interrupts.
//
//   prepare_to_sleep();                       from here on wake() is noticed
//   if (what I wait for is so) cancel_sleep();
//   else sleep(deadline);                     returns at once if wake() came in between
//
// wait_queue.h has that written once, for everybody.
#pragma once
#include <cstdint>

namespace core {
struct Thread;
}

namespace sync {

// What may end a sleep beside what it waits for.
enum class How : uint8_t {
    kUninterruptible,  // nothing
    kKillable,         // a signal that ends the process
    kInterruptible,    // any signal that the thread must do something about
};

inline constexpr uint64_t kNoDeadline = ~0ull;

// Effect: the thread that runs counts as asleep, though it still runs: a wake() from now on is not
// lost. Context: a thread, any spinlock may be held.
void prepare_to_sleep();

// Effect: it is awake again. Context: after prepare_to_sleep().
void cancel_sleep();

// Effect: gives the CPU away until somebody wakes the thread or the clock (core::now_ns()) reaches the
// deadline; may also return for no reason. Context: after prepare_to_sleep(), no spinlock held.
void sleep(uint64_t deadline_ns);

// Effect: the thread runs on if it sleeps. Context: any, interrupts too; locks of earlier ranks than
// kRunQueue may be held. The thread cannot have ended.
void wake(core::Thread& thread);

// Whether a thread that sleeps like that must give up, and whether its deadline is over.
bool must_give_up(How how);
bool has_passed(uint64_t deadline_ns);

}  // namespace sync
