// chroot(2): a process that takes a folder for everything.
#include "cairn/children.h"
#include "cairn/folders.h"

static long change_root(const char* path) {
    return system_call(__NR_chroot, (long)path, 0, 0, 0, 0, 0);
}

static uint64_t inside() {
    char path[64] = {};
    uint64_t wrong = differs("chroot", change_root("d"), 0);
    wrong += differs("in it", open_path("/f", O_RDONLY) >= 0, 1);
    wrong += differs("not above it", open_path("/../f", O_RDONLY) >= 0, 1);
    wrong += differs("nothing else", open_path("/d", O_RDONLY), -ENOENT);
    wrong += differs("chdir", sys_chdir("/e"), 0);
    wrong += differs("getcwd", sys_getcwd(path, sizeof path), 3);
    wrong += differs("name", path[1], 'e');
    wrong += differs("an ordinary user", become_user(1000), 0);
    return wrong + differs("may not", change_root("/e"), -EPERM);
}

TEST("Below its own root a process finds nothing else, and its parent is as it was.") {
    CHECK(enter_folder(), 0);
    CHECK(sys_mkdir("d", 0755) + sys_mkdir("d/e", 0755) + make_file("d/f", 0644), 0);
    CHECK(change_root("d/f"), -ENOTDIR);
    CHECK(change_root("none"), -ENOENT);
    CHECK(in_child(inside), 0);
    CHECK_THAT(open_path("/dev/null", O_RDONLY) >= 0);
    CHECK(sys_unlink("d/f") + sys_rmdir("d/e") + sys_rmdir("d"), 0);
    CHECK(leave_folder(), 0);
}
