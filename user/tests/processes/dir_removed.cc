// A folder that is removed while a program stands in it.
#include "cairn/check.h"
#include "cairn/folders.h"

TEST("A removed folder has no path and takes no names, but leads to what was above it.") {
    char path[64];
    CHECK(enter_folder(), 0);
    CHECK(sys_mkdir("d", 0700), 0);
    CHECK(sys_mkdir("d/e", 0700), 0);
    CHECK(sys_chdir("d/e"), 0);
    CHECK_THAT(sys_getcwd(path, sizeof path) > 0);
    CHECK(sys_rmdir("../e"), 0);
    CHECK(sys_getcwd(path, sizeof path), -ENOENT);
    CHECK(make_file("f", 0600), -ENOENT);
    CHECK(sys_mkdir("f", 0700), -ENOENT);
    CHECK(sys_symlink("x", "f"), -ENOENT);
    CHECK(status_of(".").st_nlink, 0);
    int fd = static_cast<int>(open_path(".", O_RDONLY | O_DIRECTORY));
    CHECK_THAT(fd >= 0);
    CHECK(sys_getdents64(fd, path, sizeof path), -ENOENT);
    CHECK(make_file("../f", 0600), 0);
    CHECK(sys_unlink("../f"), 0);
    CHECK(sys_rmdir("../../d"), 0);
    CHECK(make_file("../f", 0600), -ENOENT);
    CHECK(leave_folder(), 0);
}
