// What waitid(2) writes into its siginfo_t, for each way to choose a child and each end.
#include "cairn/children.h"

static uint64_t ends_as(int which, int id, int pid, int code, int status) {
    siginfo_t info;
    rusage usage;
    info.si_errno = 55;
    usage.ru_utime.tv_sec = -1;
    uint64_t wrong = differs("waitid", sys_waitid(which, id, &info, WEXITED, &usage), 0);
    wrong += differs("si_signo", info.si_signo, SIGCHLD) + differs("si_errno", info.si_errno, 0);
    wrong += differs("si_code", info.si_code, code) + differs("si_pid", info.si_pid, pid);
    wrong += differs("si_uid", static_cast<long>(info.si_uid), sys_getuid());
    wrong += differs("si_status", info.si_status, status);
    return wrong + differs("ru_utime", usage.ru_utime.tv_sec, 0);
}

static int exiting(int code) {
    return static_cast<int>(start_child([=] {
        sys_setpgid(0, 0);
        return code;
    }));
}

TEST("waitid takes a pid, a group or all, and tells signal, code, pid, uid and status.") {
    int code = static_cast<int>(secret(0) & 0xFF);
    int pid = exiting(code);
    CHECK(ends_as(P_PID, pid, pid, CLD_EXITED, code), 0);
    pid = exiting(code ^ 1);
    CHECK(ends_as(P_ALL, 0, pid, CLD_EXITED, code ^ 1), 0);
    pid = exiting(3);
    siginfo_t info;
    CHECK(sys_waitid(P_PID, pid, &info, WEXITED | WNOWAIT, nullptr), 0);
    CHECK(ends_as(P_PGID, pid, pid, CLD_EXITED, 3), 0);
    pid = static_cast<int>(start_child([] { return sys_kill(0 + (int)sys_getpid(), SIGKILL); }));
    CHECK(ends_as(P_PGID, 0, pid, CLD_KILLED, SIGKILL), 0);  // 0: the caller's own group
    pid = exiting(4);
    CHECK(sys_waitid(P_PID, pid, nullptr, WEXITED, nullptr), 0);
    CHECK(sys_waitid(P_PID, pid, nullptr, WEXITED, nullptr), -ECHILD);
}
