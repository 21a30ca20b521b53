// Timers of many processes at once: each comes at its own time, in order.
#include "cairn/children.h"
#include "cairn/pipe.h"

static constexpr uint64_t kSleepers = 16;
static constexpr int64_t kStep = 15'000'000;  // ns: more than a tick

TEST("Sixteen sleepers wake in the order of their deadlines, none early.") {
    int pipe[2] = {-1, -1};
    CHECK(sys_pipe2(pipe, 0), 0);
    int64_t begin = monotonic_ns() + 40'000'000;
    long pids[kSleepers];
    for (uint64_t i = 0; i < kSleepers; i++) {
        uint64_t place =
            (i * 7 + secret(0)) % kSleepers;  // the order of deadlines is not that of pids
        pids[i] = start_child([=] {
            int64_t at = begin + static_cast<int64_t>(place) * kStep;
            __kernel_timespec until = {at / 1'000'000'000, at % 1'000'000'000};
            sys_clock_nanosleep(1 /* CLOCK_MONOTONIC */, 1 /* TIMER_ABSTIME */, &until, nullptr);
            int64_t now = monotonic_ns();
            put_word(pipe[1], secret(1) + place);
            return now >= at ? 4 : 1;
        });
    }
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < kSleepers; i++) {
        wrong += differs("order", static_cast<long>(take_word(pipe[0], 0) - secret(1)),
                         static_cast<long>(i));
    }
    for (long pid : pids) wrong += differs("sleeper", wait_for(pid), exited(4));
    CHECK(wrong, 0);
}
