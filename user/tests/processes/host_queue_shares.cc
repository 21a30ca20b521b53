// RunQueue: over many turns of drawn lengths everybody gets a share by their weight.
#include "host_queue.h"

static constexpr int kNice[] = {0, 0, 5, -3, 19, 1};
static constexpr uint64_t kThreads = 6;
static sched::ThreadPart threads[kThreads];
static sched::RunQueue queue;

// Turns of microseconds: when a short time is divided by a heavy weight, nothing is left of it. How
// many of three threads, one of them of the heaviest kind, do not get their share within a tenth.
static uint64_t unfair_in_short_turns() {
    static constexpr int kShortNice[] = {-20, 0, -15};
    static sched::ThreadPart parts[3];
    uint64_t weights = 0, total = 0, wrong = 0;
    for (uint64_t i = 0; i < 3; i++) {
        parts[i].nice = kShortNice[i];
        weights += sched::weight_of(parts[i]);
        queue.enqueue(parts[i]);
    }
    for (uint64_t turn = 0; turn < 50'000; turn++) {
        uint64_t ns = 5'000 + secret(turn % 512) % 35'000;
        total += ns;
        host::run_next(queue, ns);
    }
    for (uint64_t i = 0; i < 3; i++) {
        uint64_t share = total / weights * sched::weight_of(parts[i]), got = parts[i].cpu_time_ns;
        if (got * 10 >= share * 9 && got * 10 <= share * 11) continue;
        note("turns of microseconds, nice %d: %lu us, not %lu us", kShortNice[i], got / 1000,
             share / 1000);
        wrong++;
    }
    host::empty(queue);
    return wrong;
}

TEST(
    "Threads get shares of the CPU by the weights of their nice values, whatever lengths their "
    "turns have.") {
    uint64_t weights = 0, total = 0, wrong = 0;
    for (uint64_t i = 0; i < kThreads; i++) {
        threads[i].nice = kNice[i];
        weights += sched::weight_of(threads[i]);
        queue.enqueue(threads[i]);
    }
    for (uint64_t turn = 0; turn < 50'000; turn++) {
        uint64_t ns = 1'000'000 + secret(turn % 512) % 9'000'000;
        total += ns;
        wrong += host::run_next(queue, ns) == nullptr;
    }
    CHECK(wrong, 0);
    uint64_t counted = 0;
    for (uint64_t i = 0; i < kThreads; i++) {
        uint64_t share = total / weights * sched::weight_of(threads[i]),
                 got = threads[i].cpu_time_ns;
        counted += got;
        // Within a hundredth, or a turn of the one that has least.
        if (got * 100 >= share * 98 && got * 100 <= share * 102 + 2'000'000'000) continue;
        note("nice %d: %lu ms, not %lu ms", kNice[i], got / 1'000'000, share / 1'000'000);
        wrong++;
    }
    CHECK(wrong, 0);
    CHECK(counted, total);
    host::empty(queue);
    CHECK(unfair_in_short_turns(), 0);
}
