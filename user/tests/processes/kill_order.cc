// kill(2): in which order its errors come, and what is told of many; setpgid(2) likewise.
#include "cairn/children.h"

static int sleeper(bool leads_session) {
    auto* ready = shared<volatile uint64_t>();
    long pid = start_child([=] {
        if (leads_session) sys_setsid();
        *ready = secret(0);
        for (;;) sleep_us(1000000);
        return 0;
    });
    await(*ready, secret(0));
    return static_cast<int>(pid);
}

static uint64_t as_stranger(int job, int group) {
    uint64_t wrong = differs("no such signal", sys_kill(job, 100), -EINVAL);
    wrong += differs("a negative one", sys_kill(job, -1), -EINVAL);
    wrong += differs("no such signal to a group", sys_kill(-group, 100), -EINVAL);
    wrong += differs("nor to all", sys_kill(-1, 100), -EINVAL);
    wrong += differs("no such process first", sys_kill(kNobody, 100), -ESRCH);
    wrong += differs("a group of root's", sys_kill(-group, 0), -EPERM);
    // That nobody may be told is no error where all are meant.
    wrong += differs("all refuse", sys_kill(-1, 0), 0);
    wrong += differs("a job of the session goes on", sys_kill(job, SIGCONT), 0);
    wrong += differs("and gets nothing else", sys_kill(job, SIGUSR1), -EPERM);
    wrong += differs("another session's does not", sys_kill(group, SIGCONT), -EPERM);
    const int fd = static_cast<int>(sys_pidfd_open(job, 0));
    const long number = __NR_pidfd_send_signal;
    wrong += differs("by a pidfd", system_call(number, fd, 100, 0, 0, 0, 0), -EINVAL);
    return wrong + differs("and valid", system_call(number, fd, 0, 0, 0, 0, 0), -EPERM);
}

TEST(
    "A signal that does not exist is EINVAL before EPERM; to all who refuse 0; SIGCONT reaches the "
    "session.") {
    int job = sleeper(false), group = sleeper(true);
    CHECK(in_child([=] { return become_user(65533) + static_cast<long>(as_stranger(job, group)); }),
          0);
    CHECK(sys_setpgid(-1, 1), -ESRCH);
    CHECK(sys_setpgid(-1, 0), -EINVAL);
    CHECK(sys_setpgid(kNobody, -1), -EINVAL);
    CHECK(sys_kill(job, SIGKILL), 0);
    CHECK(sys_kill(group, SIGKILL), 0);
    CHECK(wait_for(job), killed_by(SIGKILL));
    CHECK(wait_for(group), killed_by(SIGKILL));
}
