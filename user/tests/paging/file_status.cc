// fstat(2), newfstatat(2), statx(2), readlink(2): what stands there, without opening it.
#include "cairn/check.h"
#include "cairn/files.h"

static long extended(const char* path, unsigned flags, unsigned mask, struct statx* result) {
    return system_call(__NR_statx, AT_FDCWD, (long)path, flags, mask, (long)result, 0);
}

TEST("Three calls agree on a file; a link is followed unless it shall not be.") {
    struct stat by_path = {}, by_fd = {};
    struct statx more = {};
    const int fd = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    CHECK(sys_fstat(fd, &by_fd), 0);
    CHECK(sys_newfstatat(AT_FDCWD, cairn::argument(0), &by_path, 0), 0);
    CHECK(extended(cairn::argument(0), 0, STATX_BASIC_STATS, &more), 0);
    CHECK(by_path.st_ino, by_fd.st_ino);
    CHECK(more.stx_ino, by_fd.st_ino);
    CHECK(more.stx_size, by_fd.st_size);
    CHECK(by_fd.st_mode & 0170000, 0100000);
    CHECK(more.stx_mode, by_fd.st_mode);
    CHECK(sys_newfstatat(fd, "", &by_path, AT_EMPTY_PATH), 0);
    CHECK(by_path.st_ino, by_fd.st_ino);
    CHECK(sys_newfstatat(fd, "", &by_path, 0), -ENOENT);
    CHECK(sys_newfstatat(AT_FDCWD, "/dev/null", &by_path, 0), 0);
    CHECK(by_path.st_mode & 0170000, 0020000);
    CHECK(by_path.st_rdev, 1 << 8 | 3);
    CHECK(sys_newfstatat(AT_FDCWD, "/proc/self", &by_path, AT_SYMLINK_NOFOLLOW), 0);
    CHECK(by_path.st_mode & 0170000, 0120000);
    CHECK(sys_newfstatat(AT_FDCWD, "/proc/self", &by_path, 0), 0);
    CHECK(by_path.st_mode & 0170000, 0040000);
    CHECK(sys_newfstatat(AT_FDCWD, "/", &by_path, 0x40000000), -EINVAL);
    CHECK(extended("/", 0, 0x80000000, &more), -EINVAL);
    CHECK(sys_fstat(77, &by_fd), -EBADF);
    char target[8];
    CHECK(sys_readlinkat(AT_FDCWD, "/dev/null", target, 8), -EINVAL);
    CHECK(sys_readlinkat(AT_FDCWD, "/proc/self", target, 0), -EINVAL);
    CHECK(sys_readlinkat(AT_FDCWD, "/proc/self/exe", target, 1), 1);
    CHECK(target[0], '/');
}
