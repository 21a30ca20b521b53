// Whom wait4 waits for: a pid, any child, a process group, the caller's own group.
#include "cairn/children.h"

// A child in the group `group` (0: one of its own), which exits with `code`.
static int child_in(long group, int code) {
    long pid = start_child([=] {
        sys_setpgid(0, static_cast<int>(group));
        return code;
    });
    siginfo_t info;
    sys_waitid(P_PID, static_cast<int>(pid), &info, WEXITED | WNOWAIT, nullptr);  // dead by now
    return static_cast<int>(pid);
}

static long wait_any(int pid) { return sys_wait4(pid, nullptr, WNOHANG, nullptr); }

TEST("wait4 chooses by pid, by process group, by the caller's group, or takes any child.") {
    sys_setpgid(0, 0);  // refused if this leads a session, and so a group
    int own = static_cast<int>(sys_getpgid(0));
    int leader = child_in(0, 1);
    int first = child_in(own, 2), second = child_in(own, 3);
    CHECK(wait_any(second), second);
    CHECK(wait_any(second), -ECHILD);
    CHECK(wait_any(-second), -ECHILD);
    CHECK(wait_any(0), first);
    CHECK(wait_any(0), -ECHILD);
    CHECK(wait_any(-leader), leader);
    CHECK(wait_any(-1), -ECHILD);
    // Somebody else's child is none of mine.
    CHECK(wait_any(static_cast<int>(sys_getppid())), -ECHILD);
    CHECK(wait_any(static_cast<int>(sys_getpid())), -ECHILD);
    CHECK(in_child([] { return wait_any(-1) + ECHILD; }), 0);
    CHECK(wait_any(-2147483647 - 1), -ESRCH);
}
