// CLONE_PARENT: a sibling in place of a child.
#include "cairn/children.h"

TEST("With CLONE_PARENT the new process is its maker's sibling, and their parent waits for it.") {
    auto* pid = shared<volatile int>();
    auto* seen = shared<volatile uint64_t>();
    long maker = start_child([=] {
        // SIGCHLD is the maker's own exit signal, which a sibling gets whatever is asked for.
        long sibling = sys_clone(CLONE_PARENT, nullptr, nullptr, nullptr, 0);
        if (sibling == 0) {
            *seen = secret(0) + static_cast<uint64_t>(sys_getppid());
            for (;;) sys_exit_group(4);
        }
        *pid = static_cast<int>(sibling);
        return sys_wait4(-1, nullptr, 0, nullptr) == -ECHILD ? 2 : 1;
    });
    CHECK(wait_for(maker), exited(2));
    CHECK(wait_for(*pid), exited(4));
    CHECK(*seen, secret(0) + static_cast<uint64_t>(sys_getpid()));
    // Init has no siblings.
    bool is_init = sys_getpid() == 1;
    CHECK(is_init ? sys_clone(CLONE_PARENT | SIGCHLD, nullptr, nullptr, nullptr, 0) : -EINVAL,
          -EINVAL);
}
