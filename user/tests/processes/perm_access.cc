// access(2) asks for whoever started a program that runs in another's name; AT_EACCESS for that other.
#include "acting.h"

static long access_as_is(const char* path, int mode) {
    return system_call(__NR_faccessat2, AT_FDCWD, (long)path, mode, AT_EACCESS, 0, 0);
}

TEST("access asks for the real user, with AT_EACCESS for the effective one.") {
    constexpr int kRead = 4, kWrite = 2, kExecute = 1;
    CHECK(enter_folder(), 0);
    CHECK(make_file("f", 0644) + sys_mkdir("d", 0700), 0);
    CHECK(sys_faccessat(AT_FDCWD, "f", kRead | kWrite), 0);
    CHECK(sys_faccessat(AT_FDCWD, "f", kExecute), -EACCES);  // nobody may execute it
    CHECK(sys_faccessat(AT_FDCWD, "d", kExecute), 0);
    CHECK(sys_faccessat(AT_FDCWD, "f", 8), -EINVAL);
    CHECK(sys_faccessat(AT_FDCWD, "none", 0), -ENOENT);
    CHECK(act_as(1000, 1000), 0);
    CHECK(sys_faccessat(AT_FDCWD, "f", kWrite), 0);
    CHECK(access_as_is("f", kWrite), -EACCES);
    CHECK(access_as_is("f", kRead), 0);
    CHECK(sys_faccessat(AT_FDCWD, "d/x", 0), -ENOENT);
    CHECK(access_as_is("d/x", 0), -EACCES);
    CHECK(open_path("f", O_WRONLY), -EACCES);
    CHECK(act_as_root(), 0);
    CHECK(sys_unlink("f") + sys_rmdir("d"), 0);
    CHECK(leave_folder(), 0);
}
