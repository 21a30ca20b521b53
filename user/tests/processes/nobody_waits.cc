// wait(2), NOTES: a parent that ignores SIGCHLD, or says SA_NOCLDWAIT, does not want to know. Its
// children are gone when they end, and a wait ends with ECHILD when the last of them has.
#include "cairn/children.h"

static constexpr int kChildren = 6;

static long on_child_end(void (*handler)(int), unsigned long flags) {
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = flags;
    return system_call(__NR_rt_sigaction, SIGCHLD, reinterpret_cast<long>(&action), 0, 8, 0, 0);
}

// Children that end, some of them when their parent sleeps in wait; what is wrong about it.
static uint64_t leave_no_zombies() {
    long pids[kChildren];
    for (int i = 0; i < kChildren; i++) {
        pids[i] = start_child([=] {
            if (i % 2 == 0) sleep_us(2000 * static_cast<uint64_t>(i));
            return 40 + i;
        });
    }
    uint64_t wrong = differs("wait for any", sys_wait4(-1, nullptr, 0, nullptr), -ECHILD);
    for (long pid : pids) {
        wrong += differs("kill", sys_kill(static_cast<int>(pid), 0), -ESRCH);
        wrong += differs("wait for one", wait_for(pid), -ECHILD);
    }
    return wrong;
}

// A zombie's parent ends: the new one does not want to know either.
static uint64_t inherit_a_zombie() {
    auto* zombie = shared<volatile int>();
    long parent = start_child([=] {
        on_child_end(SIG_DFL, 0);
        *zombie = static_cast<int>(start_child([] { return 9; }));
        siginfo_t info;
        sys_waitid(P_PID, *zombie, &info, WEXITED | WNOWAIT, nullptr);
        return 1;
    });
    uint64_t wrong = differs("wait for its parent", wait_for(parent), -ECHILD);
    return wrong + differs("kill the zombie", sys_kill(*zombie, 0), -ESRCH);
}

TEST("Children of a parent that ignores SIGCHLD, or asks for it, leave no zombies.") {
    if (sys_getpid() != 1) sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    CHECK(on_child_end(SIG_IGN, 0), 0);
    CHECK(leave_no_zombies(), 0);
    CHECK(inherit_a_zombie(), 0);
    // Only SIGCHLD is meant: one that tells in another way is waited for.
    long other = sys_clone(SIGWINCH, nullptr, nullptr, nullptr, 0);
    while (other == 0) sys_exit_group(3);
    int status = 0;
    CHECK(sys_wait4(static_cast<int>(other), &status, static_cast<int>(__WALL), nullptr), other);
    CHECK(status, exited(3));
    CHECK(on_child_end(SIG_DFL, SA_NOCLDWAIT), 0);
    CHECK(leave_no_zombies(), 0);
    CHECK(on_child_end(SIG_DFL, 0), 0);
    CHECK(wait_for(start_child([] { return 5; })), exited(5));
}
