// What wait4 and waitid refuse, whether there is a child or not.
#include "cairn/children.h"

static uint64_t refuses() {
    uint64_t wrong = 0;
    wrong += differs("wait4 with WEXITED", sys_wait4(-1, nullptr, WEXITED, nullptr), -EINVAL);
    wrong += differs("wait4 with WNOWAIT", sys_wait4(-1, nullptr, WNOWAIT, nullptr), -EINVAL);
    wrong += differs("wait4 with bit 4", sys_wait4(-1, nullptr, 16, nullptr), -EINVAL);
    auto waitid = [](int which, int id, int options) {
        siginfo_t info;
        return sys_waitid(which, id, &info, options, nullptr);
    };
    wrong += differs("waitid for no event", waitid(P_ALL, 0, 0), -EINVAL);
    wrong += differs("waitid with WNOHANG only", waitid(P_ALL, 0, WNOHANG), -EINVAL);
    wrong += differs("waitid with bit 4", waitid(P_ALL, 0, WEXITED | 16), -EINVAL);
    wrong += differs("waitid by bad kind", waitid(9, 0, WEXITED), -EINVAL);
    wrong += differs("waitid for pid 0", waitid(P_PID, 0, WEXITED), -EINVAL);
    wrong += differs("waitid for pid -1", waitid(P_PID, -1, WEXITED), -EINVAL);
    wrong += differs("waitid for group -1", waitid(P_PGID, -1, WEXITED), -EINVAL);
    wrong += differs("waitid for pidfd -1", waitid(P_PIDFD, -1, WEXITED), -EINVAL);
    wrong += differs("waitid for no descriptor", waitid(P_PIDFD, 77, WEXITED), -EBADF);
    wrong += differs("waitid for another kind", waitid(P_PIDFD, 0, WEXITED), -EBADF);
    return wrong;
}

TEST("Unknown options, selectors and ids are refused with EINVAL, and no child is taken.") {
    CHECK(refuses(), 0);
    long child = start_child([] { return 5; });
    siginfo_t info;
    CHECK(sys_waitid(P_ALL, 0, &info, WEXITED | WNOWAIT, nullptr), 0);
    CHECK(refuses(), 0);
    CHECK(wait_for(child), exited(5));
}
