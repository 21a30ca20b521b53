// mkdir(2), rmdir(2) and how often a folder is named.
#include "cairn/check.h"
#include "cairn/folders.h"

TEST("Folders are made and removed; one that is not empty stays.") {
    CHECK(enter_folder(), 0);
    CHECK(sys_mkdir("d", 07777), 0);
    CHECK(status_of("d").st_mode, 041755);  // the sticky bit and what the umask leaves
    CHECK(status_of("d").st_nlink, 2);
    CHECK(sys_mkdir("d/e/", 0700), 0);
    CHECK(status_of("d").st_nlink, 3);
    CHECK(make_file("f", 0600), 0);
    CHECK(sys_mkdir("d", 0700), -EEXIST);
    CHECK(sys_mkdir("f", 0700), -EEXIST);
    CHECK(sys_mkdir(".", 0700), -EEXIST);
    CHECK(sys_mkdir("", 0700), -ENOENT);
    CHECK(sys_mkdir("f/x", 0700), -ENOTDIR);
    CHECK(sys_mkdir("none/x", 0700), -ENOENT);
    CHECK(sys_rmdir("d"), -ENOTEMPTY);
    CHECK(sys_rmdir("f"), -ENOTDIR);
    CHECK(sys_rmdir("d/e/."), -EINVAL);
    CHECK(sys_rmdir("d/e/.."), -ENOTEMPTY);
    CHECK(sys_rmdir("/"), -EBUSY);
    CHECK(sys_rmdir("none"), -ENOENT);
    CHECK(sys_rmdir("d/e"), 0);
    CHECK(status_of("d").st_nlink, 2);
    CHECK(sys_rmdir("d/"), 0);
    CHECK(sys_unlink("f"), 0);
    CHECK(leave_folder(), 0);
}
