// chmod(2), chown(2), utimensat(2): whose business they are.
#include "acting.h"

static long touch(const char* path) {
    return system_call(__NR_utimensat, AT_FDCWD, (long)path, 0, 0, 0, 0);
}

static long set_times(const char* path) {
    struct __kernel_timespec times[2] = {{1, 0}, {2, 0}};
    return system_call(__NR_utimensat, AT_FDCWD, (long)path, (long)times, 0, 0, 0);
}

TEST("Only its owner changes a file's mode, only root gives it away.") {
    CHECK(enter_folder(), 0);
    CHECK(make_file("own", 0600) + make_file("open", 0600) + make_file("other", 0644), 0);
    CHECK(sys_chown("own", 1000, 1000) + sys_chmod("open", 0666), 0);
    CHECK(act_as(1000, 50), 0);
    CHECK(sys_chmod("own", 0640), 0);
    CHECK(sys_chmod("other", 0666), -EPERM);
    CHECK(sys_chown("own", -1, 50), 0);
    CHECK(status_of("own").st_gid, 50);
    CHECK(sys_chown("own", -1, 51), -EPERM);
    CHECK(sys_chown("own", 1001, -1), -EPERM);
    CHECK(sys_chown("own", 1000, -1), 0);
    CHECK(sys_chown("other", -1, 50), -EPERM);
    CHECK(sys_chown("other", -1, -1), 0);
    CHECK(set_times("own"), 0);
    CHECK(set_times("open"), -EPERM);
    CHECK(touch("open"), 0);  // who may write to it, may say that it is new
    CHECK(touch("other"), -EACCES);
    CHECK(act_as_root(), 0);
    CHECK(sys_chown("own", 1, 2), 0);
    CHECK(sys_unlink("own") + sys_unlink("open") + sys_unlink("other"), 0);
    CHECK(leave_folder(), 0);
}
