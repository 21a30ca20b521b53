// The queue of timers: their order, ties, what is due and what is next.
#include <gtest/gtest.h>

#include <list>
#include <map>
#include <vector>

#include "lib/random.h"

#define time time_of_kernel  // libc has a function of the name of our namespace
#include "time/timer_queue.h"

namespace {

using time_of_kernel::Timer;
using time_of_kernel::TimerQueue;

void nothing(Timer&) {}

TEST(TimerQueue, GivesOutWhatIsDueInTheOrderOfDeadlines) {
    TimerQueue queue;
    Timer late{nothing}, early{nothing};
    late.deadline_ns = 20;
    early.deadline_ns = 10;
    queue.insert(late);
    queue.insert(early);
    EXPECT_EQ(queue.first(), &early);
    EXPECT_EQ(queue.take_due(9), nullptr);
    EXPECT_EQ(queue.take_due(10), &early);
    EXPECT_EQ(queue.take_due(19), nullptr);
    EXPECT_EQ(queue.take_due(100), &late);
    EXPECT_EQ(queue.take_due(100), nullptr);
}

TEST(TimerQueue, OfEqualDeadlinesTheFirstIsFirst) {
    TimerQueue queue;
    std::list<Timer> timers;
    for (int i = 0; i < 5; i++) {
        timers.emplace_back(nothing).deadline_ns = 7;
        queue.insert(timers.back());
    }
    for (Timer& timer : timers) EXPECT_EQ(queue.take_due(7), &timer);
}

TEST(TimerQueue, NextIsWhatIsNotDueYet) {
    TimerQueue queue;
    Timer due{nothing}, next{nothing};
    due.deadline_ns = 10;
    next.deadline_ns = 11;
    queue.insert(due);
    queue.insert(next);
    EXPECT_EQ(queue.first_after(10), &next);
    EXPECT_EQ(queue.first_after(11), nullptr);
    queue.remove(due);
    queue.remove(next);
    EXPECT_EQ(queue.first(), nullptr);
}

// Ten thousand sleepers that come, give up, and are woken, beside a map that knows better.
TEST(TimerQueue, AgreesWithAMap) {
    TimerQueue queue;
    std::multimap<uint64_t, Timer*> expected;
    std::list<Timer> timers;
    lib::Random random{6};
    for (int i = 0; i < 10'000; i++) {
        Timer& timer = timers.emplace_back(nothing);
        timer.deadline_ns = random.below(5'000);
        queue.insert(timer);
        expected.emplace(timer.deadline_ns, &timer);
    }
    for (auto at = expected.begin(); at != expected.end();) {
        if (random.below(3) != 0) {
            ++at;
            continue;
        }
        queue.remove(*at->second);
        at = expected.erase(at);
    }
    for (uint64_t now = 0; now < 5'000; now++) {
        while (Timer* timer = queue.take_due(now)) {
            ASSERT_FALSE(expected.empty());
            EXPECT_EQ(expected.begin()->second, timer);
            expected.erase(expected.begin());
        }
        EXPECT_TRUE(expected.empty() || expected.begin()->first > now);
    }
    EXPECT_TRUE(expected.empty());
}

}  // namespace
