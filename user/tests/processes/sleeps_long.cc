// Half a second in which nobody wants to run. The host counts what the machine executes between two labels.
#include "cairn/children.h"

extern "C" {
__attribute__((noinline)) void sleep_begins() { __asm__ volatile(""); }
__attribute__((noinline)) void sleep_ends() { __asm__ volatile(""); }
}

TEST("While everybody sleeps the CPU executes next to nothing.") {
    int64_t begin = monotonic_ns();
    sleep_begins();
    sleep_us(500'000);
    sleep_ends();
    int64_t took = monotonic_ns() - begin;
    CHECK_THAT(took >= 500'000'000 && took < 600'000'000);
}
