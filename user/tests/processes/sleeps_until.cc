// clock_nanosleep(2): until a time of a clock, or for a while.
#include <linux/time.h>

#include "cairn/children.h"

static __kernel_timespec after(int clock, int64_t ns) {
    __kernel_timespec time = {};
    sys_clock_gettime(clock, &time);
    ns += time.tv_nsec;
    return {time.tv_sec + ns / 1'000'000'000, ns % 1'000'000'000};
}

static bool is_over(int clock, const __kernel_timespec& wanted) {
    __kernel_timespec now = {};
    sys_clock_gettime(clock, &now);
    return now.tv_sec > wanted.tv_sec ||
           (now.tv_sec == wanted.tv_sec && now.tv_nsec >= wanted.tv_nsec);
}

static uint64_t sleeps_wrong(int clock) {
    uint64_t wrong = 0;
    __kernel_timespec until = after(clock, 15'000'000);
    wrong += differs("until", sys_clock_nanosleep(clock, TIMER_ABSTIME, &until, nullptr), 0);
    wrong += !is_over(clock, until);
    // That is over: an absolute sleep until a time that has been returns at once.
    int64_t begin = monotonic_ns();
    for (int i = 0; i < 20; i++) sys_clock_nanosleep(clock, TIMER_ABSTIME, &until, nullptr);
    return wrong + (monotonic_ns() - begin > 19 * 10'000'000);
}

TEST(
    "clock_nanosleep sleeps until an absolute time, not at all if that is over, and knows its "
    "clocks.") {
    CHECK(sleeps_wrong(CLOCK_MONOTONIC), 0);
    CHECK(sleeps_wrong(CLOCK_REALTIME), 0);
    CHECK(sleeps_wrong(CLOCK_BOOTTIME), 0);
    __kernel_timespec time = {0, 1000}, bad = {0, 1'000'000'000};
    CHECK(sys_clock_nanosleep(CLOCK_MONOTONIC, 0, &bad, nullptr), -EINVAL);
    CHECK(sys_clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &time, nullptr), -EOPNOTSUPP);
    CHECK(sys_clock_nanosleep(77, 0, &time, nullptr), -EINVAL);
    CHECK(sys_clock_nanosleep(CLOCK_MONOTONIC, 0, nullptr, nullptr), -EFAULT);
}
