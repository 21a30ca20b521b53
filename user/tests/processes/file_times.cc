// utimensat(2), and the times that other calls set (inode(7)).
#include "cairn/check.h"
#include "cairn/folders.h"

static long set_times(const char* path, int64_t accessed, int64_t modified, long ns) {
    struct __kernel_timespec times[2] = {{accessed, ns}, {modified, ns}};
    return system_call(__NR_utimensat, AT_FDCWD, (long)path, (long)times, 0, 0, 0);
}

TEST("Times are what a program says, to the nanosecond, until the file is used again.") {
    CHECK(enter_folder(), 0);
    int fd = static_cast<int>(create_path("f", O_CREAT | O_RDWR, 0600));
    CHECK(set_times("f", 1000, 2000, 5), 0);
    CHECK(status_of("f").st_atime, 1000);
    CHECK(status_of("f").st_mtime, 2000);
    CHECK(status_of("f").st_mtime_nsec, 5);
    CHECK(set_times("f", 7, 3000, 1'000'000'000), -EINVAL);
    CHECK(set_times("none", 7, 3000, 1'000'000'000), -ENOENT);
    constexpr long kOmit = (1 << 30) - 2;
    CHECK(set_times("none", 7, 7, kOmit), 0);
    CHECK(status_of("f").st_mtime, 2000);
    CHECK(sys_write(fd, "x", 1), 1);
    CHECK_THAT(status_of("f").st_mtime_nsec != 5);
    CHECK(status_of("f").st_atime, 1000);
    CHECK(set_times("f", 1000, 2000, 5), 0);
    // A folder is changed by its names, a file's attributes by chmod.
    CHECK(set_times(".", 1000, 2000, 5), 0);
    CHECK(sys_chmod("f", 0640), 0);
    CHECK(status_of("f").st_mtime_nsec, 5);
    CHECK(status_of(".").st_mtime_nsec, 5);
    CHECK(sys_unlink("f"), 0);
    CHECK_THAT(status_of(".").st_mtime_nsec != 5);
    CHECK(leave_folder(), 0);
}
