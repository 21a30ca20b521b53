// The set-ID bits: who loses them when, and what they mean for a folder (inode(7)).
#include "acting.h"

static unsigned mode_of(const char* path) { return status_of(path).st_mode & 07777; }

TEST(
    "Set-ID bits go when a file gets another owner or new contents; a folder hands its group on.") {
    CHECK(enter_folder(), 0);
    CHECK(make_file("f", 0600) + sys_chown("f", 1000, 1000) + sys_chmod("f", 06777), 0);
    CHECK(mode_of("f"), 06777);
    CHECK(sys_chown("f", 1000, 50), 0);
    CHECK(mode_of("f"), 0777);
    CHECK(act_as(1000, 50), 0);
    CHECK(sys_chmod("f", 06755), 0);
    int fd = static_cast<int>(open_path("f", O_WRONLY));
    CHECK(sys_write(fd, "x", 1), 1);
    CHECK(mode_of("f"), 0755);
    CHECK(act_as(1000, 51), 0);
    CHECK(sys_chmod("f", 02755), 0);  // not a member of its group: no program in its name
    CHECK(mode_of("f"), 0755);
    CHECK(act_as_root(), 0);
    CHECK(sys_mkdir("d", 0777) + sys_chown("d", 0, 60) + sys_chmod("d", 02777), 0);
    CHECK(act_as(1000, 51), 0);
    CHECK(make_file("d/g", 02775) + sys_mkdir("d/e", 0700), 0);
    CHECK(status_of("d/g").st_gid, 60);
    CHECK(mode_of("d/g"), 0755);
    CHECK(status_of("d/e").st_gid, 60);
    CHECK(mode_of("d/e"), 02700);
    CHECK(act_as_root(), 0);
    CHECK(sys_unlink("d/g") + sys_rmdir("d/e") + sys_rmdir("d") + sys_unlink("f"), 0);
    CHECK(leave_folder(), 0);
}
