// A dead child whose parent dies without having waited: it goes to the new parent, dead as it is.
#include "cairn/children.h"

TEST("Zombies of a dying parent go to init or the subreaper, which reaps each of them once.") {
    if (sys_getpid() != 1) sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    auto* pids = shared<volatile int[4]>();
    long parent = start_child([=] {
        for (uint64_t i = 0; i < 4; i++) {
            (*pids)[i] = static_cast<int>(start_child([=] { return secret(i); }));
            siginfo_t info;
            sys_waitid(P_PID, (*pids)[i], &info, WEXITED | WNOWAIT, nullptr);
        }
        return 1;
    });
    CHECK(wait_for(parent), exited(1));
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < 4; i++) {
        wrong += differs("status", wait_for((*pids)[i]), exited(static_cast<int>(secret(i))));
        wrong += differs("kill", sys_kill((*pids)[i], 0), -ESRCH);
    }
    CHECK(wrong, 0);
    CHECK(sys_wait4(-1, nullptr, WNOHANG, nullptr), -ECHILD);
}
