// Which flags of clone(2) need which others.
#include "cairn/children.h"

// What clone answers; a child that should not be there is taken away.
static long try_flags(uint64_t flags) {
    long pid = sys_clone(flags | SIGCHLD, nullptr, nullptr, nullptr, 0);
    while (pid == 0) sys_exit_group(1);
    if (pid > 0) wait_for(pid);
    return pid > 0 ? 1 : pid;
}

TEST(
    "clone refuses CLONE_SIGHAND without CLONE_VM, CLONE_THREAD without CLONE_SIGHAND, and "
    "others.") {
    CHECK(try_flags(CLONE_SIGHAND), -EINVAL);
    CHECK(try_flags(CLONE_THREAD), -EINVAL);
    CHECK(try_flags(CLONE_THREAD | CLONE_VM), -EINVAL);
    CHECK(try_flags(CLONE_THREAD | CLONE_SIGHAND), -EINVAL);
    CHECK(try_flags(CLONE_FS | CLONE_NEWNS), -EINVAL);
    CHECK(try_flags(CLONE_PIDFD | CLONE_PARENT_SETTID), -EINVAL);
    CHECK(try_flags(CLONE_SIGHAND | CLONE_CLEAR_SIGHAND), -EINVAL);
    // And these go together; the memory is shared while this process sleeps.
    CHECK(try_flags(CLONE_VM | CLONE_VFORK | CLONE_SIGHAND), 1);
    CHECK(try_flags(CLONE_FILES | CLONE_FS), 1);
    CHECK(try_flags(CLONE_SYSVSEM | CLONE_UNTRACED | CLONE_DETACHED), 1);
}
