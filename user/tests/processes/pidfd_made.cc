// pidfds: made together with the child, and the errors of their calls.
#include <linux/pidfd.h>

#include "cairn/children.h"
#include "cairn/pipe.h"

static long get_fd(int pidfd, int fd, unsigned flags) {
    return system_call(__NR_pidfd_getfd, pidfd, fd, flags, 0, 0, 0);
}

TEST("CLONE_PIDFD hands over a pidfd, pidfd_getfd takes a descriptor out of its process.") {
    int pidfd = -1, pipe[2] = {-1, -1};
    CHECK(sys_pipe2(pipe, 0), 0);
    long child = sys_clone(CLONE_PIDFD | SIGCHLD, nullptr, &pidfd, nullptr, 0);
    if (child == 0) {
        int own[2];
        sys_pipe2(own, 0);
        sys_dup3(own[1], 50, 0);
        put_word(pipe[1], secret(0));
        take_word(own[0], 0);
        for (;;) sys_exit_group(12);
    }
    CHECK_THAT(pidfd > 2);
    CHECK(take_word(pipe[0], 0), secret(0));
    int taken = static_cast<int>(get_fd(pidfd, 50, 0));
    CHECK_THAT(taken > pidfd);
    CHECK(sys_fcntl(taken, F_GETFD, 0), FD_CLOEXEC);
    CHECK(get_fd(pidfd, 51, 0), -EBADF);
    CHECK(get_fd(pidfd, 50, 1), -EINVAL);
    CHECK(get_fd(pipe[0], 50, 0), -EBADF);
    CHECK(put_word(taken, 1), 8);
    siginfo_t info;
    CHECK(sys_waitid(P_PIDFD, pidfd, &info, WEXITED, nullptr), 0);
    CHECK(info.si_status, 12);
    CHECK(get_fd(pidfd, 0, 0), -ESRCH);
    CHECK(sys_pidfd_open(static_cast<int>(child), 0), -ESRCH);
    CHECK(sys_pidfd_open(0, 0), -EINVAL);
    CHECK(sys_pidfd_open(-1, 0), -EINVAL);
    CHECK(sys_pidfd_open(static_cast<int>(sys_getpid()), 1), -EINVAL);
}
