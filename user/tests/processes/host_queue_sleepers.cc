// RunQueue: who comes back from a long sleep, or is new, cannot keep the CPU until it has caught up.
#include "host_queue.h"

static constexpr uint64_t kTurn = 10'000'000;
static sched::ThreadPart busy, other, sleeper, newcomer;
static sched::RunQueue queue;

// How many of the next turns this thread gets.
static uint64_t turns_of(const sched::ThreadPart& thread, uint64_t turns) {
    uint64_t count = 0;
    for (uint64_t i = 0; i < turns; i++) count += host::run_next(queue, kTurn) == &thread;
    return count;
}

TEST(
    "A thread that slept for long has its turn soon, and then its share, but not all that it "
    "missed.") {
    queue.enqueue(busy);
    queue.enqueue(other);
    CHECK(turns_of(busy, 1000), 500);
    queue.enqueue(sleeper);  // it has had nothing at all
    CHECK_THAT(turns_of(sleeper, 2) >= 1);
    uint64_t share = turns_of(sleeper, 300);
    CHECK_THAT(share >= 99 && share <= 101);
    // One that had much is not let in before those that had less.
    newcomer.virtual_time = busy.virtual_time + 5 * kTurn;
    queue.enqueue(newcomer);
    CHECK(turns_of(newcomer, 9), 0);
    uint64_t late = turns_of(newcomer, 400);
    CHECK_THAT(late >= 97 && late <= 101);
    // When all but one are gone, that one goes on; the others find it where it is.
    queue.remove(busy);
    queue.remove(other);
    queue.remove(newcomer);
    CHECK(turns_of(sleeper, 1000), 1000);
    queue.enqueue(busy);
    share = turns_of(busy, 100);
    CHECK_THAT(share >= 49 && share <= 51);
    CHECK(queue.length(), 2);
    host::empty(queue);
}
