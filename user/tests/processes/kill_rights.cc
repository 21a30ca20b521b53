// Who may send whom a signal: kill(2) with signal 0 asks, and sends nothing.
#include "cairn/children.h"

static uint64_t as_user(int roots, int users) {
    int self = static_cast<int>(sys_getpid());
    uint64_t wrong = differs("a process of root", sys_kill(roots, 0), -EPERM);
    wrong += differs("killing it", sys_kill(roots, SIGKILL), -EPERM);
    wrong += differs("a process of the same user", sys_kill(users, 0), 0);
    wrong += differs("itself", sys_kill(self, 0), 0);
    wrong += differs("nobody", sys_kill(kNobody, 0), -ESRCH);
    wrong += differs("no such group", sys_kill(-kNobody, 0), -ESRCH);
    wrong += differs("no such signal", sys_kill(self, 65), -EINVAL);
    wrong += differs("a negative signal", sys_kill(self, -1), -EINVAL);
    wrong += differs("nobody comes before the signal", sys_kill(kNobody, 65), -ESRCH);
    // Of a group it is enough that one may be told.
    sys_setpgid(0, 0);
    return wrong + differs("its own group", sys_kill(0, 0), 0);
}

static int sleeper(long uid) {
    auto* ready = shared<volatile uint64_t>();
    long pid = start_child([=] {
        *ready = static_cast<uint64_t>(become_user(uid)) + secret(0);
        for (;;) sleep_us(1000000);
        return 0;
    });
    await(*ready, secret(0));
    return static_cast<int>(pid);
}

TEST("Signals reach processes of the same user, root's reach all; others answer EPERM or ESRCH.") {
    int roots = sleeper(0), users = sleeper(1000), others = sleeper(1001);
    CHECK(in_child([=] { return become_user(1000) + as_user(roots, users); }), 0);
    CHECK(in_child([=] { return become_user(1000) + sys_kill(others, SIGKILL) + EPERM; }), 0);
    CHECK(sys_kill(users, SIGKILL), 0);
    CHECK(sys_kill(roots, SIGKILL), 0);
    CHECK(sys_kill(others, SIGKILL), 0);
    CHECK(wait_for(users), killed_by(SIGKILL));
    CHECK(wait_for(roots), killed_by(SIGKILL));
    CHECK(wait_for(others), killed_by(SIGKILL));
}
