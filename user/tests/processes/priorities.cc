// Nice values: getpriority(2), setpriority(2); the call answers 20 minus the nice value.
#include "cairn/children.h"

static long nice_of(int pid) { return 20 - sys_getpriority(PRIO_PROCESS, pid); }

static int sleeper(int nice) {
    auto* ready = shared<volatile uint64_t>();
    int pid = static_cast<int>(start_child([=] {
        sys_setpriority(PRIO_PROCESS, 0, nice);
        *ready = secret(0);
        for (;;) sleep_us(1000000);
        return 0;
    }));
    await(*ready, secret(0));
    return pid;
}

static uint64_t tries() {
    sys_setpgid(0, 0);
    int first = sleeper(3), second = sleeper(8), group = static_cast<int>(sys_getpgid(0));
    uint64_t wrong = differs("first", nice_of(first), 3) + differs("second", nice_of(second), 8);
    wrong += differs("least of the group", sys_getpriority(PRIO_PGRP, 0), 20);
    wrong += differs("whole group", sys_setpriority(PRIO_PGRP, group, 5), 0);
    wrong += differs("all of it", nice_of(first) + nice_of(second) + nice_of(0), 15);
    wrong += differs("too much", sys_setpriority(PRIO_PROCESS, 0, 100), 0) + (nice_of(0) != 19);
    wrong += differs("one process", nice_of(second), 5);
    wrong += differs("no such kind", sys_getpriority(3, 0), -EINVAL);
    wrong += differs("nobody", sys_setpriority(PRIO_PROCESS, kNobody, 1), -ESRCH);
    wrong += differs("become_user", become_user(1000), 0);
    wrong += differs("a user goes up", sys_setpriority(PRIO_PROCESS, 0, 18), -EACCES);
    wrong += differs("another user's", sys_setpriority(PRIO_PROCESS, first, 19), -EPERM);
    wrong += differs("of a user", sys_getpriority(PRIO_USER, 1000), 1);
    return wrong + differs("and looks", nice_of(first), 5);
}

TEST("Nice values are each process's own, set singly or by group, and a user only raises them.") {
    auto* group = shared<volatile int>();
    CHECK(in_child([=] {
              *group = static_cast<int>(sys_getpid());
              return tries();
          }),
          0);
    CHECK(sys_kill(-*group, SIGKILL), 0);  // the sleepers
}
