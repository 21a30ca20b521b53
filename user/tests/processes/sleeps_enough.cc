// nanosleep(2): the machine's one program sleeps, so the kernel has nothing to run meanwhile.
#include "cairn/children.h"

static constexpr int64_t kTick = 10'000'000;  // ns

// What is wrong with five sleeps of `ns`: too short ever, or too long each time. (Linux on a busy host
// may oversleep at times.)
static uint64_t sleeps_wrong(int64_t ns) {
    int64_t least = INT64_MAX;
    for (int i = 0; i < 5; i++) {
        __kernel_timespec time = {ns / 1'000'000'000, ns % 1'000'000'000};
        int64_t begin = monotonic_ns();
        if (system_call(__NR_nanosleep, reinterpret_cast<long>(&time), 0, 0, 0, 0, 0) != 0)
            return 1;
        int64_t took = monotonic_ns() - begin;
        if (took < least) least = took;
    }
    if (least >= ns && least <= ns + kTick) return 0;
    note("sleeps of %ld ns take %ld", ns, least);
    return 1;
}

TEST("nanosleep is never too short, and at most a tick too long.") {
    CHECK(sleeps_wrong(0), 0);
    CHECK(sleeps_wrong(1), 0);
    CHECK(sleeps_wrong(1'000'000), 0);
    CHECK(sleeps_wrong(kTick), 0);
    CHECK(sleeps_wrong(static_cast<int64_t>(secret(0) % 40'000'000)), 0);
    __kernel_timespec bad[] = {{0, 1'000'000'000}, {0, -1}, {-1, 0}};
    uint64_t wrong = 0;
    for (__kernel_timespec& time : bad) {
        long answer = system_call(__NR_nanosleep, reinterpret_cast<long>(&time), 0, 0, 0, 0, 0);
        wrong += differs("a time that is none", answer, -EINVAL);
    }
    CHECK(wrong, 0);
    CHECK(system_call(__NR_nanosleep, 8, 0, 0, 0, 0, 0), -EFAULT);
}
