// clone with CLONE_FILES and CLONE_FS, and without: whose descriptors, folder and umask are changed.
#include "cairn/children.h"
#include "cairn/pipe.h"

static long set_umask(long mask) { return system_call(__NR_umask, mask, 0, 0, 0, 0, 0); }
static long change_folder(const char* path) {
    return system_call(__NR_chdir, reinterpret_cast<long>(path), 0, 0, 0, 0, 0);
}

// The child opens descriptor 20, changes folder and umask; what of that this process sees.
static uint64_t seen_after(uint64_t flags) {
    change_folder("/proc");
    set_umask(022);
    long child = sys_clone(flags | SIGCHLD, nullptr, nullptr, nullptr, 0);
    if (child == 0) {
        sys_dup3(0, 20, 0);
        change_folder("/");
        set_umask(077);
        for (;;) sys_exit_group(0);
    }
    uint64_t seen = wait_for(child) == exited(0) ? 0 : 1000;
    char folder[64] = {};
    sys_getcwd(folder, sizeof folder);
    seen += sys_close(20) == 0 ? 1 : 0;
    seen += folder[1] == '\0' ? 2 : 0;
    return seen + (set_umask(022) == 077 ? 4 : 0);
}

TEST(
    "CLONE_FILES shares descriptors, CLONE_FS shares folder and umask, and else they are copies.") {
    CHECK(seen_after(0), 0);
    CHECK(seen_after(CLONE_FILES), 1);
    CHECK(seen_after(CLONE_FS), 2 + 4);
    CHECK(seen_after(CLONE_FILES | CLONE_FS), 7);
    // Who shares the table may close it all: the table lives as long as one of its users.
    int pipe[2] = {-1, -1};
    CHECK(sys_pipe2(pipe, 0), 0);
    CHECK(put_word(pipe[1], secret(0)), 8);
    CHECK(seen_after(CLONE_FILES), 1);
    CHECK(take_word(pipe[0], 0), secret(0));
}
