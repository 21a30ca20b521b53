// WNOWAIT: what happened is told, and the child stays to be waited for.
#include "cairn/children.h"

TEST("waitid with WNOWAIT tells of a dead child as often as it is asked, and leaves it.") {
    int child = static_cast<int>(start_child([] { return secret(0); }));
    siginfo_t info;
    uint64_t wrong = 0;
    for (int i = 0; i < 5; i++) {
        info.si_pid = 0;
        wrong += differs("waitid", sys_waitid(P_ALL, 0, &info, WEXITED | WNOWAIT, nullptr), 0);
        wrong += differs("pid", info.si_pid, child);
        wrong += differs("status", info.si_status, static_cast<int>(secret(0) & 0xFF));
    }
    CHECK(wrong, 0);
    CHECK(sys_kill(child, 0), 0);
    CHECK(wait_for(child), exited(static_cast<int>(secret(0))));
    CHECK(sys_kill(child, 0), -ESRCH);
    CHECK(sys_waitid(P_ALL, 0, &info, WEXITED | WNOWAIT, nullptr), -ECHILD);
}
