// prlimit64(2): the soft limit up to the hard one, which an ordinary user can only lower.
#include "cairn/children.h"

static long set(int pid, int resource, uint64_t soft, uint64_t hard, rlimit64* old = nullptr) {
    rlimit64 limit = {soft, hard};
    return system_call(__NR_prlimit64, pid, resource, (long)&limit, (long)old, 0, 0);
}

static uint64_t tries(int roots) {
    rlimit64 old = {};
    uint64_t wrong = differs("root's hard limit", set(0, RLIMIT_NPROC, 40, 80), 0);
    wrong += differs("soft above hard", set(0, RLIMIT_NPROC, 81, 80), -EINVAL);
    wrong += differs("no such resource", set(0, RLIM_NLIMITS, 1, 1), -EINVAL);
    int child = static_cast<int>(start_child([] {
        for (;;) sleep_us(1000000);
        return 0;
    }));
    wrong += differs("a child's", set(child, RLIMIT_NPROC, 7, 8, &old), 0);
    wrong += differs("old soft", static_cast<long>(old.rlim_cur), 40);
    wrong += differs("old hard", static_cast<long>(old.rlim_max), 80);
    sys_prlimit(RLIMIT_NPROC, nullptr, &old);
    wrong += differs("own", static_cast<long>(old.rlim_cur), 40);
    wrong += differs("kill", sys_kill(child, SIGKILL), 0) + (wait_for(child) != SIGKILL);
    wrong += differs("nobody's", set(child, RLIMIT_NPROC, 7, 8), -ESRCH);
    wrong += differs("become_user", become_user(1000), 0);
    wrong += differs("a user raises it", set(0, RLIMIT_NPROC, 40, 81), -EPERM);
    wrong += differs("soft up to hard", set(0, RLIMIT_NPROC, 80, 80), 0);
    wrong += differs("hard down", set(0, RLIMIT_NPROC, 10, 20), 0);
    wrong += differs("root's process", set(roots, RLIMIT_NPROC, 1, 1), -EPERM);
    return wrong + differs("and up", set(0, RLIMIT_NPROC, 10, 21), -EPERM);
}

TEST(
    "A soft limit stays below the hard one, which a user only lowers; a child's may be set, too.") {
    CHECK(in_child([roots = static_cast<int>(sys_getpid())] { return tries(roots); }), 0);
}
