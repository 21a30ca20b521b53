// Only a parent waits for its children: for everybody else there is no such child.
#include "cairn/children.h"

static long wait_now(int pid) { return sys_wait4(pid, nullptr, WNOHANG | __WALL, nullptr); }

// A child that has two of its own: one that has ended, and one that sleeps; and then sleeps, too.
static int have_two(volatile int* grandchildren) {
    siginfo_t info;
    grandchildren[0] = static_cast<int>(start_child([] { return 1; }));
    sys_waitid(P_PID, grandchildren[0], &info, WEXITED | WNOWAIT, nullptr);
    grandchildren[1] = static_cast<int>(start_child([] {
        for (;;) sleep_us(1'000'000);
        return 0;
    }));
    for (;;) sleep_us(1'000'000);
}

TEST("Only the parent waits for a process: its grandparent is told that there is no such child.") {
    auto* grandchildren = shared<volatile int[2]>();
    int child = static_cast<int>(start_child([=] { return have_two(*grandchildren); }));
    while ((*grandchildren)[1] == 0) sleep_us(500);
    CHECK(wait_now((*grandchildren)[0]), -ECHILD);
    CHECK(wait_now((*grandchildren)[1]), -ECHILD);
    CHECK(wait_now(-(*grandchildren)[1]), -ECHILD);
    CHECK(sys_kill((*grandchildren)[0], 0), 0);
    CHECK(wait_now(-1), 0);
    CHECK(sys_kill((*grandchildren)[1], SIGKILL), 0);
    CHECK(sys_kill(child, SIGKILL), 0);
    CHECK(wait_for(child), killed_by(SIGKILL));
}
