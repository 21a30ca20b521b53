// What close_range(2) closes, marks and leaves, in a table with gaps.
#include <linux/close_range.h>

#include "cairn/children.h"
#include "cairn/pipe.h"

static long close_range(unsigned first, unsigned last, unsigned flags) {
    return system_call(__NR_close_range, first, last, flags, 0, 0, 0);
}

static long is_open(int fd) { return sys_fcntl(fd, F_GETFD, 0); }

TEST("close_range closes what is open in the range, or marks it, and can leave a shared table.") {
    for (int fd = 10; fd < 20; fd += 2) sys_dup3(1, fd, 0);
    CHECK(close_range(11, 10, 0), -EINVAL);
    CHECK(close_range(10, 11, 8), -EINVAL);
    CHECK(close_range(12, 15, 0), 0);
    CHECK(is_open(10), 0);
    CHECK(is_open(12), -EBADF);
    CHECK(is_open(14), -EBADF);
    CHECK(is_open(16), 0);
    CHECK(close_range(16, ~0u, CLOSE_RANGE_CLOEXEC), 0);
    CHECK(is_open(18), FD_CLOEXEC);
    CHECK(is_open(10), 0);
    CHECK(close_range(300, 400, 0), 0);
    CHECK(close_range(16, 16, CLOSE_RANGE_UNSHARE), 0);
    CHECK(is_open(16), -EBADF);
    CHECK(close_range(10, ~0u, 0), 0);
    CHECK(is_open(10), -EBADF);
    CHECK(is_open(18), -EBADF);
    CHECK(is_open(1), 0);
}
