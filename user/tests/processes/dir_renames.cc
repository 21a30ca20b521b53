// rename(2), renameat2(2): a name moves, and what stood there is replaced in one step.
#include "cairn/check.h"
#include "cairn/folders.h"

TEST("A rename replaces, exchanges or refuses, and no folder comes to lie in itself.") {
    CHECK(enter_folder(), 0);
    CHECK(make_file("f", 0600) + make_file("g", 0640), 0);
    CHECK(sys_mkdir("d", 0700) + sys_mkdir("e", 0750), 0);
    CHECK(sys_rename("f", "g", RENAME_NOREPLACE), -EEXIST);
    CHECK(sys_rename("f", "g", RENAME_EXCHANGE), 0);
    CHECK(status_of("f").st_mode, 0100640);
    CHECK(sys_rename("f", "g", 0), 0);
    CHECK(status_of("g").st_mode, 0100640);
    CHECK(sys_rename("f", "g", 0), -ENOENT);
    CHECK(sys_rename("g", "d", 0), -EISDIR);
    CHECK(sys_rename("d", "g", 0), -ENOTDIR);
    CHECK(sys_rename("g", "h/", 0), -ENOTDIR);
    CHECK(sys_rename("d", "d/x", 0), -EINVAL);
    CHECK(sys_rename("d", "e/d", 0), 0);
    CHECK(status_of("e").st_nlink, 3);
    CHECK(sys_rename("e/d", "e", 0), -ENOTEMPTY);
    CHECK(sys_rename("e/d", "e", RENAME_EXCHANGE), -EINVAL);
    CHECK(sys_rename("g", "e/d", RENAME_EXCHANGE), 0);
    CHECK(status_of("e").st_nlink, 2);
    CHECK(status_of("g").st_mode, 040700);
    CHECK(sys_rename(".", "x", 0), -EBUSY);
    CHECK(sys_rename("g", "x", RENAME_NOREPLACE | RENAME_EXCHANGE), -EINVAL);
    CHECK(sys_link("e/d", "same"), 0);
    CHECK(sys_rename("same", "e/d", 0), 0);  // two names of one file: both stay
    CHECK(sys_unlink("same") + sys_unlink("e/d") + sys_rmdir("e") + sys_rmdir("g"), 0);
    CHECK(leave_folder(), 0);
}
