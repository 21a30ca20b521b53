// WNOHANG: a look without waiting.
#include "cairn/children.h"

TEST("With WNOHANG wait4 answers 0 while children live, the pid of a dead one, and else ECHILD.") {
    CHECK(sys_wait4(-1, nullptr, WNOHANG, nullptr), -ECHILD);
    auto* go = shared<volatile uint64_t>();
    long child = start_child([=] {
        await(*go, secret(0));
        return 9;
    });
    int status = 0x5555;
    CHECK(sys_wait4(-1, &status, WNOHANG, nullptr), 0);
    CHECK(sys_wait4(static_cast<int>(child), &status, WNOHANG | WUNTRACED, nullptr), 0);
    CHECK(sys_wait4(-1, &status, WNOHANG | WCONTINUED, nullptr), 0);
    siginfo_t info;
    info.si_pid = info.si_signo = 77;
    CHECK(sys_waitid(P_ALL, 0, &info, WEXITED | WNOHANG, nullptr), 0);
    CHECK(info.si_pid, 0);
    CHECK(info.si_signo, 0);
    *go = secret(0);
    siginfo_t dead;
    CHECK(sys_waitid(P_PID, static_cast<int>(child), &dead, WEXITED | WNOWAIT, nullptr), 0);
    CHECK(sys_wait4(-1, &status, WNOHANG, nullptr), child);
    CHECK(status, exited(9));
    CHECK(sys_wait4(-1, nullptr, WNOHANG, nullptr), -ECHILD);
}
