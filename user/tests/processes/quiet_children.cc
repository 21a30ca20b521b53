// Children whose end sends no SIGCHLD: only who asks for them gets them.
#include "cairn/children.h"

static int quiet(int code) {
    long pid = sys_clone(0, nullptr, nullptr, nullptr, 0);  // no signal at its end
    while (pid == 0) sys_exit_group(code);
    return static_cast<int>(pid);
}

static long look(int pid, unsigned options) {
    return sys_wait4(pid, nullptr, static_cast<int>(options | WNOHANG), nullptr);
}

TEST("A child without exit signal is waited for with __WCLONE or __WALL only.") {
    int child = quiet(1);
    siginfo_t info;
    CHECK(sys_waitid(P_PID, child, &info, static_cast<int>(WEXITED | WNOWAIT | __WALL), nullptr),
          0);
    CHECK(look(-1, 0), -ECHILD);
    CHECK(look(child, 0), -ECHILD);
    CHECK(look(child, __WCLONE), child);
    child = quiet(2);
    CHECK(sys_wait4(child, nullptr, static_cast<int>(__WALL), nullptr), child);
    // An ordinary child: not with __WCLONE, but with __WALL and with __WNOTHREAD.
    int ordinary = static_cast<int>(start_child([] { return 3; }));
    CHECK(sys_waitid(P_PID, ordinary, &info, WEXITED | WNOWAIT, nullptr), 0);
    CHECK(look(-1, __WCLONE), -ECHILD);
    CHECK(look(-1, __WCLONE | __WALL), ordinary);
    ordinary = static_cast<int>(start_child([] { return 3; }));
    CHECK(sys_wait4(-1, nullptr, static_cast<int>(__WNOTHREAD), nullptr), ordinary);
    // Both kinds at once.
    int both[] = {quiet(4), static_cast<int>(start_child([] { return 5; }))};
    CHECK(wait_for(both[1]), exited(5));
    CHECK(sys_wait4(-1, nullptr, static_cast<int>(__WALL), nullptr), both[0]);
    CHECK(look(-1, __WALL), -ECHILD);
}
