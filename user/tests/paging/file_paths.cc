// path_resolution(7), open(2): what a path leads to, and what is said of one that leads nowhere.
#include "cairn/check.h"
#include "cairn/files.h"

static long chdir_to(const char* path) {
    return system_call(__NR_chdir, (long)path, 0, 0, 0, 0, 0);
}

static bool equal(const char* left, const char* right) {
    while (*left != '\0' && *left == *right) left++, right++;
    return *left == *right;
}

TEST("Paths begin at the root or the working directory; each bad one has its error.") {
    CHECK(open_path("", O_RDONLY), -ENOENT);
    CHECK(open_path("/no/such", O_RDONLY), -ENOENT);
    CHECK(open_path("/dev/null/x", O_RDONLY), -ENOTDIR);
    CHECK(open_path("/dev/null/", O_RDONLY), -ENOTDIR);
    CHECK(open_path("/dev/null", O_RDONLY | O_DIRECTORY), -ENOTDIR);
    CHECK(open_path("/dev", O_RDWR), -EISDIR);
    CHECK(open_path("/dev/null", O_RDWR | O_CREAT | O_EXCL), -EEXIST);
    CHECK(open_path("/dev", O_RDONLY | O_CREAT), -EISDIR);
    CHECK(open_path("/proc/self", O_RDONLY | O_NOFOLLOW), -ELOOP);
    static char name[260];
    for (int i = 0; i < 256; i++) name[i] = 'x';
    CHECK(open_path(name, O_RDONLY), -ENAMETOOLONG);
    CHECK(sys_openat(77, "null", O_RDONLY), -EBADF);
    CHECK_THAT(sys_openat(77, "/dev/null", O_RDONLY) >= 0);

    const long folder = open_path("//dev/.././dev", O_RDONLY | O_DIRECTORY);
    CHECK_THAT(sys_openat(static_cast<int>(folder), "../dev/null", O_RDWR) >= 0);
    CHECK(chdir_to("/dev/null"), -ENOTDIR);
    CHECK(chdir_to("/dev/../dev"), 0);
    char path[32];
    CHECK(sys_getcwd(path, sizeof path), 5);
    CHECK_THAT(equal(path, "/dev"));
    CHECK(sys_getcwd(path, 4), -ERANGE);
    CHECK(sys_faccessat(AT_FDCWD, "null", 6), 0);
    CHECK(sys_faccessat(AT_FDCWD, "null", 8), -EINVAL);
    CHECK(chdir_to("../.."), 0);
    CHECK(sys_getcwd(path, 2), 2);
}
