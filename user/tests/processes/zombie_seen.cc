// A zombie is a process still: others can name it, and see its group and session.
#include "cairn/children.h"

TEST("A zombie answers kill 0, getpgid and getsid until it is reaped; then there is ESRCH.") {
    int child = static_cast<int>(start_child([] {
        sys_setsid();
        return 3;
    }));
    siginfo_t info;
    CHECK(sys_waitid(P_PID, child, &info, WEXITED | WNOWAIT, nullptr), 0);
    CHECK(sys_kill(child, 0), 0);
    CHECK(sys_kill(child, SIGKILL), 0);  // changes nothing
    CHECK(sys_getpgid(child), child);
    CHECK(sys_getsid(child), child);
    CHECK(sys_kill(-child, 0), 0);  // its group consists of it
    CHECK(sys_setpgid(child, child), -EPERM);
    CHECK(sys_getpriority(PRIO_PROCESS, child), 20);
    CHECK(wait_for(child), exited(3));
    CHECK(sys_kill(child, 0), -ESRCH);
    CHECK(sys_kill(-child, 0), -ESRCH);
    CHECK(sys_getpgid(child), -ESRCH);
    CHECK(sys_getsid(child), -ESRCH);
    CHECK(sys_getpriority(PRIO_PROCESS, child), -ESRCH);
}
