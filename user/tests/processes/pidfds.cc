// A descriptor for a process: made by pidfd_open(2) or by CLONE_PIDFD; it is readable when that is dead.
#include "cairn/children.h"
#include "cairn/pipe.h"

TEST("A pidfd becomes readable at the end of its process, which can be waited for by it.") {
    auto* go = shared<volatile uint64_t>();
    long child = start_child([=] {
        await(*go, secret(0));
        return 11;
    });
    int fd = static_cast<int>(sys_pidfd_open(static_cast<int>(child), 0));
    CHECK_THAT(fd > 2);
    CHECK(sys_fcntl(fd, F_GETFD, 0), FD_CLOEXEC);
    CHECK(events_now(fd, POLLIN), 0);
    siginfo_t info;
    info.si_pid = 1;
    CHECK(sys_waitid(P_PIDFD, fd, &info, WEXITED | WNOHANG, nullptr), 0);
    CHECK(info.si_pid, 0);
    *go = secret(0);
    pollfd one = {fd, POLLIN, 0};
    CHECK(sys_ppoll(&one, 1, nullptr), 1);
    CHECK(one.revents & POLLIN, POLLIN);
    CHECK(sys_waitid(P_PIDFD, fd, &info, WEXITED, nullptr), 0);
    CHECK(info.si_pid, child);
    CHECK(info.si_status, 11);
    CHECK(sys_waitid(P_PIDFD, fd, &info, WEXITED, nullptr), -ECHILD);
    CHECK(events_now(fd, POLLIN) & POLLIN, POLLIN);
    uint8_t byte;
    CHECK(sys_read(fd, &byte, 1), -EINVAL);
}
