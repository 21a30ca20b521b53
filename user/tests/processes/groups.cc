// Process groups: setpgid(2) and getpgid(2).
#include "cairn/children.h"

// A child that stays until it is killed, in the group of its parent.
static int sleeper() {
    return static_cast<int>(start_child([] {
        for (;;) sleep_us(1000000);
        return 0;
    }));
}

static uint64_t tries() {
    int self = static_cast<int>(sys_getpid()), first = sleeper(), second = sleeper();
    uint64_t wrong = differs("a group of its own", sys_setpgid(0, 0), 0);
    wrong += differs("getpgid", sys_getpgid(0), self) + differs("again", sys_setpgid(0, self), 0);
    wrong += differs("child's own", sys_setpgid(first, 0), 0);
    wrong += differs("child's group", sys_getpgid(first), first);
    wrong += differs("join the child's", sys_setpgid(second, first), 0);
    wrong += differs("joined", sys_getpgid(second), first);
    wrong += differs("join it too", sys_setpgid(0, first), 0);
    wrong += differs("back", sys_setpgid(0, self), 0);  // a group that was empty
    wrong += differs("no such group", sys_setpgid(second, kNobody), -EPERM);
    wrong += differs("group of another kind", sys_setpgid(second, -1), -EINVAL);
    wrong += differs("negative pid", sys_setpgid(-1, 0), -EINVAL);
    wrong += differs("the parent", sys_setpgid(static_cast<int>(sys_getppid()), 0), -ESRCH);
    wrong += differs("nobody", sys_setpgid(kNobody, 0), -ESRCH);
    wrong += differs("nobody's", sys_getpgid(kNobody), -ESRCH) +
             differs("getpgid(-1)", sys_getpgid(-1), -ESRCH);
    // A signal for the group reaches both of its members.
    wrong += differs("kill", sys_kill(-first, SIGKILL), 0);
    wrong += differs("first", wait_for(first), killed_by(SIGKILL));
    wrong += differs("second", wait_for(second), killed_by(SIGKILL));
    return wrong + differs("kill nobody", sys_kill(-first, 0), -ESRCH);
}

TEST("setpgid moves the caller and its children between the groups of their session.") {
    CHECK(in_child(tries), 0);
}
