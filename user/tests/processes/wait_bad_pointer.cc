// Where Cairn differs from Linux: there, a wait4 whose status cannot be written has lost the child.
#include "cairn/children.h"

TEST("A wait whose result cannot be written answers EFAULT, and the child can be waited for.") {
    auto* bad = reinterpret_cast<int*>(PAGE * 2);
    int child = static_cast<int>(start_child([] { return secret(0); }));
    CHECK(sys_wait4(child, bad, 0, nullptr), -EFAULT);
    CHECK(sys_wait4(child, nullptr, 0, reinterpret_cast<rusage*>(bad)), -EFAULT);
    CHECK(sys_waitid(P_ALL, 0, reinterpret_cast<siginfo_t*>(bad), WEXITED, nullptr), -EFAULT);
    siginfo_t info;
    CHECK(sys_waitid(P_ALL, 0, &info, WEXITED, reinterpret_cast<rusage*>(bad)), -EFAULT);
    CHECK(sys_kill(child, 0), 0);
    CHECK(wait_for(child), exited(static_cast<int>(secret(0))));
    CHECK(wait_for(child), -ECHILD);
}
