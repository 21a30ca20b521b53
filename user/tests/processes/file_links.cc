// link(2): several names of one file.
#include "cairn/check.h"
#include "cairn/folders.h"

TEST("Two names lead to one file; folders have one name; nothing is replaced.") {
    CHECK(enter_folder(), 0);
    CHECK(make_file("f", 0644), 0);
    CHECK(sys_mkdir("d", 0755), 0);
    CHECK(sys_link("f", "g"), 0);
    CHECK(status_of("f").st_ino, status_of("g").st_ino);
    CHECK(status_of("f").st_nlink, 2);
    CHECK(sys_link("f", "g"), -EEXIST);
    CHECK(sys_link("f", "d"), -EEXIST);
    CHECK(sys_link("d", "e"), -EPERM);
    CHECK(sys_link("none", "e"), -ENOENT);
    CHECK(sys_link("f", "none/e"), -ENOENT);
    CHECK(sys_link("f", "e/"), -ENOENT);
    CHECK(sys_link("f", "g/e"), -ENOTDIR);
    // What one name changes, the other shows.
    CHECK(sys_chmod("f", 0600), 0);
    CHECK(status_of("g").st_mode, 0100600);
    CHECK(sys_symlink("f", "s"), 0);
    CHECK(sys_link("s", "t"), 0);  // the link itself
    CHECK(status_of("t").st_mode & 0170000, 0120000);
    CHECK(status_of("f").st_nlink, 2);
    CHECK(sys_unlink("d"), -EISDIR);
    CHECK(sys_unlink("f") + sys_unlink("g") + sys_unlink("s") + sys_unlink("t"), 0);
    CHECK(sys_rmdir("d"), 0);
    CHECK(leave_folder(), 0);
}
