// poll(2), ERRORS; and what is left of a timeout (pselect(2), ppoll: "C library/kernel differences").
#include "cairn/children.h"
#include "cairn/pipe.h"

static long raw_ppoll(void* fds, long count, const void* time, const void* mask, long size) {
    return system_call(__NR_ppoll, reinterpret_cast<long>(fds), count, reinterpret_cast<long>(time),
                       reinterpret_cast<long>(mask), size, 0);
}

TEST("poll refuses times that are none, masks of another size, and more places than descriptors.") {
    int ends[2] = {-1, -1};
    CHECK(sys_pipe2(ends, 0), 0);
    struct pollfd one = {ends[0], POLLIN, 0x55};
    struct __kernel_timespec time = {0, 1000000000}, past = {-1, 0}, fine = {0, 20000000};
    uint64_t mask = 0;
    CHECK(raw_ppoll(&one, 1, &time, nullptr, 8), -EINVAL);
    CHECK(raw_ppoll(&one, 1, &past, nullptr, 8), -EINVAL);
    CHECK(raw_ppoll(&one, 1, reinterpret_cast<void*>(8), nullptr, 8), -EFAULT);
    CHECK(raw_ppoll(&one, 1, &fine, &mask, 7), -EINVAL);
    CHECK(raw_ppoll(&one, 1, &fine, reinterpret_cast<void*>(8), 8), -EFAULT);
    CHECK(raw_ppoll(reinterpret_cast<void*>(8), 1, &fine, nullptr, 8), -EFAULT);
    CHECK(raw_ppoll(&one, 1L << 28, &fine, nullptr, 8), -EINVAL);
    CHECK(one.revents, 0x55);
    int64_t before = monotonic_ns();
    CHECK(raw_ppoll(&one, 1, &fine, &mask, 8), 0);
    CHECK_THAT(monotonic_ns() - before >= 20000000);
    CHECK(one.revents, 0);
    CHECK(static_cast<uint64_t>(fine.tv_sec + fine.tv_nsec), 0);
    CHECK(put_word(ends[1], 7), 8);
    time = {1000, 0};
    CHECK(raw_ppoll(&one, 1, &time, nullptr, 8), 1);
    CHECK_THAT(time.tv_sec >= 990 && time.tv_sec < 1000);
    CHECK(raw_ppoll(nullptr, 0, &fine, nullptr, 8), 0);
}
