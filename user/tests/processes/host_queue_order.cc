// RunQueue: whoever has had least is picked first, and of several the one that came first.
#include "host_queue.h"

static constexpr uint64_t kThreads = 200;
static sched::ThreadPart threads[kThreads];
static sched::RunQueue queue;

static uint64_t differs(const char* what, uint64_t got, uint64_t want) {
    if (got == want) return 0;
    note("%s: %lu, not %lu", what, got, want);
    return 1;
}

TEST(
    "The thread that had least is picked, of several the one that waits longest, and each just "
    "once.") {
    CHECK(queue.pick_next(), nullptr);
    CHECK(queue.length(), 0);
    for (uint64_t i = 0; i < kThreads; i++) {
        threads[i].virtual_time = secret(i) % 40 * 1000;  // many are equal
        queue.enqueue(threads[i]);
    }
    CHECK(queue.length(), kThreads);
    uint64_t wrong = 0, seen = 0;
    const sched::ThreadPart* last = nullptr;
    while (sched::ThreadPart* next = queue.pick_next()) {
        seen++;
        wrong += next < threads || next >= threads + kThreads;
        wrong += differs("threads left in the queue", queue.length(), kThreads - seen);
        if (last != nullptr) {
            bool in_order = last->virtual_time < next->virtual_time ||
                            (last->virtual_time == next->virtual_time && last < next);
            if (!in_order) {
                note(
                    "thread %lu was picked with time %lu: before thread %lu with time %lu, not "
                    "behind it",
                    static_cast<uint64_t>(last - threads), last->virtual_time,
                    static_cast<uint64_t>(next - threads), next->virtual_time);
                wrong++;
            }
        }
        last = next;
    }
    CHECK(seen, kThreads);
    CHECK(wrong, 0);
    CHECK(queue.length(), 0);
    // A thread that was picked is nobody's: it can be put back, and comes again.
    queue.enqueue(threads[7]);
    CHECK(queue.pick_next(), &threads[7]);
    CHECK(queue.pick_next(), nullptr);
}
