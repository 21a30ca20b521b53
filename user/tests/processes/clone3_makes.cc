// clone3(2): what its fields do.
#include "cairn/children.h"

TEST("clone3 sets exit signal, tids, pidfd and the thread pointer that its struct asks for.") {
    int parents = -1, childs = -1, pidfd = -1;
    auto* seen = shared<volatile uint64_t>();
    uint64_t block = map_memory(PAGE);
    clone_args arguments = {};
    arguments.flags = CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_PIDFD | CLONE_SETTLS;
    arguments.parent_tid = reinterpret_cast<uintptr_t>(&parents);
    arguments.child_tid = reinterpret_cast<uintptr_t>(&childs);
    arguments.pidfd = reinterpret_cast<uintptr_t>(&pidfd);
    arguments.exit_signal = SIGCHLD;
    arguments.tls = block;
    long child = sys_clone3(&arguments, sizeof arguments);
    if (child == 0) {
        *seen = secret(0) + (thread_pointer() == block);
        for (;;) sys_exit_group(childs == sys_getpid() ? 9 : 1);
    }
    CHECK(parents, child);
    CHECK(childs, -1);
    siginfo_t info;
    CHECK(sys_waitid(P_PIDFD, pidfd, &info, WEXITED, nullptr), 0);
    CHECK(info.si_status, 9);
    CHECK(*seen, secret(0) + 1);
    // Without an exit signal only __WALL finds it.
    arguments.exit_signal = 0;
    child = sys_clone3(&arguments, sizeof arguments);
    while (child == 0) sys_exit_group(0);
    CHECK(wait_for(child), -ECHILD);
    CHECK(sys_wait4(static_cast<int>(child), nullptr, static_cast<int>(__WALL), nullptr), child);
}
