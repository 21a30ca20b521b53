// The load average goes to what threads want, as fast as it says.
#include "sched/load_average.h"

#include <gtest/gtest.h>

namespace sched {

constexpr uint64_t kPeriod = LoadAverage::kPeriodNs;

TEST(LoadAverage, NothingChangesBeforeAPeriodHasPassed) {
    LoadAverage load;
    load.update(kPeriod - 1, 4);
    EXPECT_EQ(load.value(0), 0u);
    load.update(kPeriod, 4);
    EXPECT_GT(load.value(0), 0u);
    const uint64_t once = load.value(0);
    load.update(kPeriod + 1, 4);
    EXPECT_EQ(load.value(0), once);
}

TEST(LoadAverage, AMinuteOfTwoThreadsIsTwoThirdsOfTheWay) {
    LoadAverage load;
    for (uint64_t i = 1; i <= 12; i++) load.update(i * kPeriod, 2);
    const double value = static_cast<double>(load.value(0)) / LoadAverage::kOne;
    EXPECT_NEAR(value, 2 * 0.632, 0.02);
    EXPECT_LT(load.value(2), load.value(1));
    EXPECT_LT(load.value(1), load.value(0));
}

TEST(LoadAverage, ItArrives) {
    LoadAverage load;
    for (uint64_t i = 1; i <= 2000; i++) load.update(i * kPeriod, 3);
    for (unsigned span = 0; span < LoadAverage::kSpans; span++) {
        EXPECT_EQ(load.value(span), 3 * LoadAverage::kOne);
    }
}

TEST(LoadAverage, PeriodsInWhichNobodyAskedWereIdle) {
    LoadAverage asked, silent;
    for (uint64_t i = 1; i <= 20; i++) {
        asked.update(i * kPeriod, 5);
        silent.update(i * kPeriod, 5);
    }
    for (uint64_t i = 21; i <= 30; i++) asked.update(i * kPeriod, 0);
    asked.update(31 * kPeriod, 1);
    silent.update(31 * kPeriod, 1);
    EXPECT_EQ(asked.value(0), silent.value(0));
    silent.update(1'000'000 * kPeriod, 0);
    EXPECT_EQ(silent.value(2), 0u);
}

}  // namespace sched
