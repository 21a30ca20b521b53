// Sessions: setsid(2), getsid(2), and what setpgid(2) may not do across them.
#include "cairn/children.h"

static int living_child(bool own_session) {
    auto* ready = shared<volatile uint64_t>();
    int pid = static_cast<int>(start_child([=] {
        if (own_session) sys_setsid();
        *ready = secret(0);
        for (;;) sleep_us(1000000);
        return 0;
    }));
    await(*ready, secret(0));
    return pid;
}

static uint64_t tries() {
    int self = static_cast<int>(sys_getpid()), session = static_cast<int>(sys_getsid(0));
    uint64_t wrong = differs("setsid", sys_setsid(), self);
    wrong += differs("session", sys_getsid(0), self) + differs("group", sys_getpgid(0), self);
    wrong += differs("a leader's setsid", sys_setsid(), -EPERM);
    wrong += differs("a leader's setpgid", sys_setpgid(0, 0), -EPERM);
    wrong += differs("the parent's session", sys_getsid(static_cast<int>(sys_getppid())), session);
    int other = living_child(true), same = living_child(false);
    wrong += differs("child's session", sys_getsid(other), other);
    wrong += differs("inherited", sys_getsid(same), self);
    wrong += differs("a child in another session", sys_setpgid(other, 0), -EPERM);
    wrong += differs("a group in another session", sys_setpgid(same, other), -EPERM);
    // The leader of a group cannot found a session, since its group would lie in two.
    wrong += in_child([] {
        sys_setpgid(0, 0);
        return differs("a group leader's setsid", sys_setsid(), -EPERM);
    });
    wrong += differs("getsid of nobody", sys_getsid(kNobody), -ESRCH);
    wrong += differs("kill", sys_kill(other, SIGKILL) + sys_kill(same, SIGKILL), 0);
    return wrong + wait_for(other) + wait_for(same) - 2 * killed_by(SIGKILL);
}

TEST("setsid founds a session and a group, unless the caller leads a group already.") {
    CHECK(in_child(tries), 0);
}
