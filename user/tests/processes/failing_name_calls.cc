// ENOMEM in the middle of calls that change names and contents.
#include "../paging/fail_nth.h"

#include "cairn/folders.h"

static int own;

// The folder holds "f", which is empty, and nothing else.
static bool is_whole() {
    return status_of(".").st_nlink == 2 && status_of("f").st_size == 0 &&
           status_of("f").st_nlink == 1 && status_of("g").st_nlink == 0;
}

static uint64_t walk_all() {
    const auto remove = [](long) {
        if (sys_unlink("g") != 0) sys_rmdir("g");
    };
    const auto back = [](long) { sys_rename("g", "f", 0); };
    const auto cut = [](long) { sys_ftruncate(own, 0); };
    uint64_t wrong = 0;
    wrong += fail_nth::walk(
        "openat", 3, [] { return make_file("g", 0600); }, remove, is_whole);
    wrong += fail_nth::walk(
        "mkdirat", 3, [] { return sys_mkdir("g", 0700); }, remove, is_whole);
    wrong += fail_nth::walk(
        "symlinkat", 4, [] { return sys_symlink("x", "g"); }, remove, is_whole);
    wrong += fail_nth::walk(
        "linkat", 3, [] { return sys_link("f", "g"); }, remove, is_whole);
    wrong += fail_nth::walk(
        "renameat2", 3, [] { return sys_rename("f", "g", 0); }, back, is_whole);
    wrong += fail_nth::walk(
        "pwrite64", 1, [] { return sys_pwrite(own, "x", 1, 1 << 20); }, cut, is_whole);
    return wrong;
}

TEST("When the n-th allocation of a call that changes files fails, it has changed nothing.") {
    CHECK_THAT(fail_nth::open_file());
    CHECK(enter_folder(), 0);
    own = static_cast<int>(create_path("f", O_CREAT | O_RDWR, 0600));
    CHECK(walk_all(), 0);
    VALUE(free_memory());
    CHECK(walk_all(), 0);
    VALUE(free_memory());
    CHECK(sys_unlink("f"), 0);
    CHECK(leave_folder(), 0);
}
