// The clocks of a process and its thread, and what getrusage(2) says of the same time.
#include <linux/time.h>

#include "cairn/children.h"

static int64_t cpu_ns(int clock) {
    __kernel_timespec time;
    if (sys_clock_gettime(clock, &time) != 0) return -1;
    return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

static int64_t in_ns(__kernel_old_timeval time) {
    return (time.tv_sec * 1'000'000 + time.tv_usec) * 1000;
}

TEST("The clocks of CPU time never go back, stand still in a sleep, and agree with getrusage.") {
    constexpr int64_t kTick = 10'000'000;  // so much Linux's getrusage may be behind
    int64_t last = 0, last_user = 0, last_system = 0;
    int went_back = 0, disagreed = 0;
    while (last < 6 * kTick) {
        int64_t before = cpu_ns(CLOCK_PROCESS_CPUTIME_ID);
        rusage usage = {};
        sys_getrusage(RUSAGE_SELF, &usage);
        int64_t after = cpu_ns(CLOCK_PROCESS_CPUTIME_ID);
        int64_t user = in_ns(usage.ru_utime), system = in_ns(usage.ru_stime);
        went_back += before < last || after < before || user < last_user || system < last_system;
        disagreed += user + system > after || user + system + kTick < before;
        last = after, last_user = user, last_system = system;
    }
    CHECK(went_back, 0);
    CHECK(disagreed, 0);
    int64_t thread = cpu_ns(CLOCK_THREAD_CPUTIME_ID), process = cpu_ns(CLOCK_PROCESS_CPUTIME_ID);
    CHECK_THAT(thread <= process && process - thread < kTick);
    sleep_us(100'000);
    CHECK_THAT(cpu_ns(CLOCK_PROCESS_CPUTIME_ID) - process < 2 * kTick);
}
