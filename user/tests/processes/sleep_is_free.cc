// What a process is charged for: the time that it runs, in user mode and in the kernel, not what it sleeps.
#include "cairn/children.h"

static int64_t busy_us(uint64_t rounds) {
    int64_t before = used_us(RUSAGE_SELF);
    for (uint64_t i = 0; i < rounds; i++) __asm__ volatile("" : : : "memory");
    return used_us(RUSAGE_SELF) - before;
}

TEST(
    "A sleep costs no processor time; a loop costs what it takes, which getrusage and times agree "
    "on.") {
    int64_t before = used_us(RUSAGE_SELF);
    sleep_us(200'000);
    int64_t slept = used_us(RUSAGE_SELF) - before;
    note("a sleep of 200 ms cost %ld us", slept);
    CHECK_THAT(slept < 20'000);
    tms first, last;
    long begin = sys_times(&first);
    int64_t begin_ns = monotonic_ns();
    int64_t used = 0;
    while (used < 100'000) used += busy_us(100'000);
    long end = sys_times(&last);
    int64_t took_us = (monotonic_ns() - begin_ns) / 1000;
    note("a loop of %ld us cost %ld us", took_us, used);
    CHECK_THAT(used <= took_us + 20'000);
    long ticks = last.tms_utime + last.tms_stime - first.tms_utime - first.tms_stime;
    CHECK_THAT(ticks >= 8 && ticks <= 13);  // ticks of 10 ms
    CHECK_THAT((end - begin) * 10'000 >= took_us - 20'000);
    CHECK(last.tms_cutime + last.tms_cstime, 0);
}
