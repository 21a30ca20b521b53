// Whoever becomes the parent of a zombie is told of it, and wakes if it sleeps in wait.
#include "cairn/children.h"

// Has a child that ends, leaves it behind as a zombie when its new parent has gone to sleep, and ends.
static int leave_zombie(volatile int* zombie) {
    siginfo_t info;
    *zombie = static_cast<int>(start_child([] { return secret(0); }));
    sys_waitid(P_PID, *zombie, &info, WEXITED | WNOWAIT, nullptr);
    sleep_us(50'000);
    return 1;
}

TEST("A process asleep in wait is told of the zombie whose parent it becomes.") {
    if (sys_getpid() != 1) sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    auto* zombie = shared<volatile int>();
    // The one in between lives on, and does not wait: only the zombie's new parent can be told.
    int between = static_cast<int>(start_child([=] {
        start_child([=] { return leave_zombie(zombie); });
        for (;;) sleep_us(1'000'000);
        return 0;
    }));
    int status = 0;
    long reaped = sys_wait4(-1, &status, 0, nullptr);
    CHECK(reaped, *zombie);
    CHECK(status, exited(static_cast<int>(secret(0))));
    CHECK(sys_kill(between, SIGKILL), 0);
    CHECK(wait_for(between), killed_by(SIGKILL));
}
