// What fcntl(2) and ioctl(2) change of a descriptor, and what of the open file that it shares.
#include <asm/ioctls.h>
#include <linux/fs.h>

#include "cairn/children.h"
#include "cairn/pipe.h"

static const char* const kPath = "fd_controls.new";

static long control(int fd, unsigned request, int* argument) {
    return system_call(__NR_ioctl, fd, request, reinterpret_cast<long>(argument), 0, 0, 0);
}

TEST("fcntl and ioctl change flags of a descriptor or of its open file, each where it belongs.") {
    constexpr int kStatus = O_ACCMODE | O_APPEND | O_NONBLOCK;
    int fd = static_cast<int>(create_path(kPath, O_RDWR | O_CREAT | O_TRUNC, 0600));
    int copy = static_cast<int>(sys_fcntl(fd, F_DUPFD, 100)), on = 1, off = 0, count = -1;
    CHECK(copy, 100);
    CHECK(sys_fcntl(fd, F_SETFL, O_WRONLY | O_APPEND | O_CREAT), 0);
    CHECK(sys_fcntl(copy, F_GETFL, 0) & kStatus, O_RDWR | O_APPEND);
    CHECK(put_word(fd, 1) + sys_lseek(fd, 0, SEEK_SET), 8);
    CHECK(put_word(copy, 2) + sys_lseek(copy, 0, SEEK_CUR), 24);
    CHECK(control(fd, FIONBIO, &on), 0);
    CHECK(sys_fcntl(copy, F_GETFL, 0) & kStatus, O_RDWR | O_APPEND | O_NONBLOCK);
    CHECK(control(copy, FIONBIO, &off), 0);
    CHECK(sys_fcntl(fd, F_GETFL, 0) & kStatus, O_RDWR | O_APPEND);
    CHECK(control(fd, FIONBIO, nullptr), -EFAULT);
    CHECK(control(fd, FIOCLEX, nullptr), 0);
    CHECK(sys_fcntl(fd, F_GETFD, 0), FD_CLOEXEC);
    CHECK(sys_fcntl(copy, F_GETFD, 0), 0);
    CHECK(control(fd, FIONCLEX, nullptr), 0);
    CHECK(sys_fcntl(fd, F_GETFD, 0), 0);
    CHECK(sys_lseek(fd, 5, SEEK_SET), 5);
    CHECK(control(fd, FIONREAD, &count), 0);
    CHECK(count, 11);
    CHECK(control(fd, TCGETS, &count), -ENOTTY);
    CHECK(control(99, FIOCLEX, nullptr), -EBADF);
    CHECK(sys_fcntl(fd, F_GETOWN, 0), 0);
    CHECK(sys_fcntl(fd, F_GETPIPE_SZ, 0), -EBADF);
    int place = static_cast<int>(open_path(kPath, O_PATH | O_CLOEXEC));
    CHECK(sys_fcntl(place, F_GETFL, 0) & O_PATH, O_PATH);
    CHECK(sys_fcntl(place, F_SETFL, 0), -EBADF);
    CHECK(sys_fcntl(place, F_SETFD, 0), 0);
    CHECK(control(place, FIONBIO, &on), -EBADF);
    CHECK(sys_fcntl(static_cast<int>(sys_fcntl(place, F_DUPFD_CLOEXEC, 5)), F_GETFD, 0), 1);
    CHECK(system_call(__NR_unlinkat, AT_FDCWD, reinterpret_cast<long>(kPath), 0, 0, 0, 0), 0);
}
