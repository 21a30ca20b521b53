// RLIMIT_NPROC: how many processes an ordinary user may have.
#include "cairn/children.h"

static constexpr int kMost = 6;

// Forks until that is refused; the error, or 0 if there was none. The children wait for their end.
static long fork_until_refused(long* pids, int& count) {
    for (count = 0; count < 50; count++) {
        pids[count] = fork_process();
        if (pids[count] == 0) {
            for (;;) sleep_us(1000000);
        }
        if (pids[count] < 0) return pids[count];
    }
    return 0;
}

static uint64_t tries() {
    long pids[64] = {};
    int count = 0;
    uint64_t wrong = differs("become_user", become_user(4242), 0);
    wrong += differs("limit_to", limit_to(RLIMIT_NPROC, kMost), 0);
    for (int again = 0; again < 2; again++) {
        wrong += differs("fork", fork_until_refused(pids, count), -EAGAIN);
        wrong += differs("children", count, kMost - 1);
        for (int i = 0; i < count; i++) {
            sys_kill(static_cast<int>(pids[i]), SIGKILL);
            wrong += differs("wait", wait_for(pids[i]), killed_by(SIGKILL));
        }
    }
    // A zombie counts until it is reaped.
    long zombie = start_child([] { return 0; });
    siginfo_t info;
    sys_waitid(P_ALL, 0, &info, WEXITED | WNOWAIT, nullptr);
    wrong += differs("limit_to", limit_to(RLIMIT_NPROC, 2), 0);
    wrong += differs("with a zombie", fork_process(), -EAGAIN);
    return wrong + differs("zombie", wait_for(zombie), 0) + in_child([] { return 0; });
}

TEST("An ordinary user's fork answers EAGAIN at RLIMIT_NPROC, and works again after a wait.") {
    CHECK(in_child(tries), 0);
    // Root is not counted.
    CHECK(limit_to(RLIMIT_NPROC, 1), 0);
    CHECK(in_child([] { return in_child([] { return secret(0); }) ^ secret(0); }), 0);
}
