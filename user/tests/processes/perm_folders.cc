// What a folder's bits allow: r to list it, x to go through it, w and x to change its names.
#include "acting.h"

TEST("Without x nothing in a folder is found, without w no name changes.") {
    CHECK(enter_folder(), 0);
    CHECK(sys_mkdir("x", 0711) + sys_mkdir("r", 0744) + sys_mkdir("none", 0700), 0);
    CHECK(make_file("x/f", 0644) + make_file("r/f", 0644) + make_file("none/f", 0666), 0);
    CHECK(act_as(1000, 1000), 0);
    CHECK(open_path("x", O_RDONLY), -EACCES);
    CHECK_THAT(open_path("x/f", O_RDONLY) >= 0);
    CHECK_THAT(open_path("r", O_RDONLY) >= 0);
    CHECK(open_path("r/f", O_RDONLY), -EACCES);
    CHECK(open_path("r/nothing", O_RDONLY), -EACCES);
    CHECK(open_path("none/../x/f", O_RDONLY), -EACCES);
    CHECK(sys_chdir("r"), -EACCES);
    CHECK(make_file("x/g", 0600), -EACCES);
    CHECK(sys_mkdir("x/f", 0700), -EEXIST);
    CHECK(sys_mkdir("x/d", 0700), -EACCES);
    CHECK(sys_unlink("x/f"), -EACCES);
    CHECK(sys_unlink("x/g"), -ENOENT);
    CHECK(sys_rename("x/f", "g", 0), -EACCES);
    CHECK(sys_mkdir("own", 0755), 0);
    CHECK(sys_rename("own", "x/own", 0), -EACCES);
    CHECK(sys_rename("x", "y", 0), 0);  // the names are the outer folder's
    CHECK(status_of("own").st_uid, 1000);
    CHECK(act_as_root(), 0);
    CHECK(sys_unlink("y/f") + sys_unlink("r/f") + sys_unlink("none/f"), 0);
    CHECK(sys_rmdir("y") + sys_rmdir("r") + sys_rmdir("none") + sys_rmdir("own"), 0);
    CHECK(leave_folder(), 0);
}
