// open(2), dup(2), fcntl(2), close(2): the smallest free number, what is shared, what is not.
#include <linux/fs.h>

#include "cairn/check.h"
#include "cairn/files.h"

static long dup_of(long fd) { return system_call(__NR_dup, fd, 0, 0, 0, 0, 0); }
static long dup3(long fd, long to, int flags) {
    return system_call(__NR_dup3, fd, to, flags, 0, 0, 0);
}
static long control(long fd, int command, long argument) {
    return system_call(__NR_fcntl, fd, command, argument, 0, 0, 0);
}

TEST(
    "A descriptor is the smallest free number; its copies share position and flags, not CLOEXEC.") {
    const long first = open_path(cairn::argument(0), O_RDONLY | O_CLOEXEC);
    const long second = dup_of(first);
    CHECK_THAT(first > 2 && second > first);
    CHECK(sys_lseek(static_cast<int>(first), 100, SEEK_SET), 100);
    CHECK(sys_lseek(static_cast<int>(second), 0, SEEK_CUR), 100);
    CHECK(control(first, F_GETFD, 0), FD_CLOEXEC);
    CHECK(control(second, F_GETFD, 0), 0);
    CHECK(control(second, F_SETFL, O_NONBLOCK | O_WRONLY), 0);
    CHECK(control(first, F_GETFL, 0) & (O_NONBLOCK | O_ACCMODE), O_NONBLOCK);
    CHECK(sys_close(static_cast<int>(first)), 0);
    CHECK(sys_close(static_cast<int>(first)), -EBADF);
    CHECK(open_path("/dev/null", O_RDONLY), first);
    CHECK(control(second, F_DUPFD_CLOEXEC, 700), 700);
    CHECK(control(700, F_GETFD, 0), FD_CLOEXEC);
    CHECK(dup3(second, 700, 0), 700);
    CHECK(control(700, F_GETFD, 0), 0);
    CHECK(dup3(second, second, 0), -EINVAL);
    CHECK(dup3(second, 3000000, 0), -EBADF);
    CHECK(dup3(777, 5, 0), -EBADF);
    CHECK(dup_of(-1), -EBADF);
    CHECK(control(second, F_DUPFD, 3000000), -EINVAL);
    CHECK(control(second, 9999, 0), -EINVAL);
    CHECK(control(-1, 9999, 0), -EBADF);
}
