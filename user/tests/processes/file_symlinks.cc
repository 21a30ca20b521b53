// symlink(2): a name that stands for a path.
#include "cairn/check.h"
#include "cairn/folders.h"

TEST("A symbolic link is followed to what it names, also to what shall be made.") {
    char text[8] = {};
    CHECK(enter_folder(), 0);
    CHECK(sys_symlink("target", "s"), 0);
    CHECK(status_of("s").st_mode, 0120777);
    CHECK(status_of("s").st_size, 6);
    CHECK(sys_readlinkat(AT_FDCWD, "s", text, 3), 3);
    CHECK(text[2], 'r');
    CHECK(sys_symlink("", "t"), -ENOENT);
    CHECK(sys_symlink("x", "s"), -EEXIST);
    CHECK(open_path("s", O_RDONLY), -ENOENT);
    CHECK(create_path("s", O_CREAT | O_EXCL | O_WRONLY, 0600), -EEXIST);
    CHECK(sys_mkdir("s", 0700), -EEXIST);
    CHECK_THAT(create_path("s", O_CREAT | O_WRONLY, 0600) >= 0);
    CHECK(status_of("target").st_mode, 0100600);
    CHECK(open_path("s", O_RDONLY | O_NOFOLLOW), -ELOOP);
    CHECK(open_path("s/", O_RDONLY), -ENOTDIR);
    CHECK(sys_unlink("s/"), -ENOTDIR);
    CHECK(sys_unlink("s"), 0);
    CHECK(status_of("target").st_nlink, 1);
    CHECK(sys_symlink("u", "u"), 0);
    CHECK(open_path("u", O_RDONLY), -ELOOP);
    CHECK(sys_unlink("u") + sys_unlink("target"), 0);
    CHECK(leave_folder(), 0);
}
