// pidfd_open(2), PIDFD_NONBLOCK: waitid does not wait for a process that such a descriptor stands for.
#include "cairn/children.h"
#include "cairn/pipe.h"

TEST(
    "waitid of a pidfd that does not block answers EAGAIN while its process runs, and then its "
    "end.") {
    auto* go = shared<volatile uint64_t>();
    long child = start_child([=] { return await(*go, secret(0)), 13; });
    int fd = static_cast<int>(sys_pidfd_open(static_cast<int>(child), O_NONBLOCK));
    CHECK(sys_fcntl(fd, F_GETFL, 0) & O_NONBLOCK, O_NONBLOCK);
    siginfo_t info;
    info.si_pid = 77;
    CHECK(sys_waitid(P_PIDFD, fd, &info, WEXITED, nullptr), -EAGAIN);
    CHECK(info.si_pid, 0);
    CHECK(sys_waitid(P_PIDFD, fd, nullptr, WEXITED, nullptr), -EAGAIN);
    CHECK(sys_waitid(P_PIDFD, fd, &info, WEXITED | WNOHANG, nullptr), 0);
    CHECK(info.si_pid, 0);
    *go = secret(0);
    pollfd one = {fd, POLLIN, 0};
    CHECK(sys_ppoll(&one, 1, nullptr), 1);
    CHECK(sys_waitid(P_PIDFD, fd, &info, WEXITED, nullptr), 0);
    CHECK(info.si_status, 13);
    CHECK(sys_waitid(P_PIDFD, fd, &info, WEXITED, nullptr), -ECHILD);
    CHECK(info.si_pid, 0);
    // What does not concern it is asked first: the place for an answer, and where in it to read.
    CHECK(sys_waitid(P_PID, kNobody, reinterpret_cast<siginfo_t*>(8), WEXITED, nullptr), -EFAULT);
    uint8_t byte;
    CHECK(system_call(__NR_pread64, fd, (long)&byte, 1, 0, 0, 0), -EINVAL);
    CHECK(sys_lseek(fd, 0, 0), -ESPIPE);
}
