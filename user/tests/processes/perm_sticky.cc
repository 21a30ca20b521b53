// The sticky bit of a folder, as /tmp has it (inode(7)).
#include "acting.h"

TEST("In a sticky folder only a file's owner, the folder's and root take names away.") {
    CHECK(enter_folder(), 0);
    CHECK(sys_mkdir("d", 0777) + sys_chmod("d", 01777), 0);
    CHECK(sys_chown("d", 1002, 0), 0);
    CHECK(act_as(1000, 1000), 0);
    CHECK(make_file("d/f", 0666) + make_file("d/g", 0666) + sys_mkdir("d/e", 0777), 0);
    CHECK(act_as(1001, 1001), 0);
    CHECK(sys_unlink("d/f"), -EPERM);
    CHECK(sys_rmdir("d/e"), -EPERM);
    CHECK(sys_rename("d/f", "f", 0), -EPERM);
    CHECK(make_file("d/mine", 0666), 0);
    CHECK(sys_rename("d/mine", "d/f", 0), -EPERM);
    CHECK(sys_rename("d/mine", "d/f", RENAME_EXCHANGE), -EPERM);
    CHECK(sys_unlink("d/mine"), 0);
    CHECK(act_as(1002, 1002), 0);
    CHECK(sys_unlink("d/f"), 0);
    CHECK(act_as(1000, 1000), 0);
    CHECK(sys_unlink("d/g"), 0);
    CHECK(act_as_root(), 0);
    CHECK(sys_rmdir("d/e") + sys_rmdir("d"), 0);
    CHECK(leave_folder(), 0);
}
