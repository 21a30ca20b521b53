// path_resolution(7), "Permissions": which three bits count for whom.
#include "acting.h"

TEST("The owner's bits bind the owner, the group's its members, the others' the rest.") {
    CHECK(enter_folder(), 0);
    CHECK(make_file("f", 0640), 0);
    CHECK(sys_chown("f", 1000, 50), 0);
    CHECK(act_as(1000, 1), 0);
    CHECK_THAT(open_path("f", O_RDWR) >= 0);
    CHECK(act_as(1001, 50), 0);
    CHECK_THAT(open_path("f", O_RDONLY) >= 0);
    CHECK(open_path("f", O_RDWR), -EACCES);
    CHECK(open_path("f", O_RDONLY | O_TRUNC), -EACCES);
    CHECK(act_as(1001, 51), 0);
    CHECK(open_path("f", O_RDONLY), -EACCES);
    CHECK_THAT(open_path("f", O_PATH) >= 0);
    CHECK(act_as_root(), 0);
    CHECK(sys_chmod("f", 0047), 0);
    CHECK_THAT(open_path("f", O_RDWR) >= 0);  // root asks nobody
    CHECK(act_as(1000, 50), 0);
    CHECK(open_path("f", O_RDONLY), -EACCES);  // the owner's bits, though the group may
    CHECK(act_as(1001, 50), 0);
    CHECK_THAT(open_path("f", O_RDONLY) >= 0);
    CHECK(act_as(1001, 51), 0);
    CHECK_THAT(open_path("f", O_RDWR) >= 0);
    CHECK(act_as_root(), 0);
    CHECK(sys_unlink("f"), 0);
    CHECK(leave_folder(), 0);
}
