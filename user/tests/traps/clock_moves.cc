// clock_gettime(2): the monotonic clock starts somewhere, never goes back, and goes forward.
#include "cairn/check.h"
#include "cairn/syscall.h"

TEST("The monotonic clock never goes back and moves on while a program runs.") {
    int64_t start = monotonic_ns(), last = start;
    bool went_back = false;
    for (int i = 0; i < 200; i++) {
        int64_t now = monotonic_ns();
        went_back |= now < last;
        last = now;
    }
    CHECK_THAT(start >= 0);
    CHECK(went_back, false);
    CHECK_THAT(last > start);
    __kernel_timespec time = {-1, -1};
    CHECK(sys_clock_gettime(1, &time), 0);
    CHECK_THAT(time.tv_nsec >= 0 && time.tv_nsec < 1'000'000'000);
    CHECK(sys_clock_gettime(1000, &time), -EINVAL);
}
