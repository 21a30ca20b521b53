// fork returns twice: 0 in the child, the child's pid in the parent. Nobody is waited for here.
#include "cairn/children.h"

struct Seen {
    volatile uint64_t answer, own, parent, done;
};

TEST("fork answers 0 in the child, which has a pid of its own, and that pid in the parent.") {
    Seen* seen = shared<Seen>();
    long pid = fork_process();
    if (pid == 0) {
        seen->answer = secret(0) + static_cast<uint64_t>(pid);
        seen->own = static_cast<uint64_t>(sys_getpid());
        seen->parent = static_cast<uint64_t>(sys_getppid());
        sys_prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);  // where init's end is not everybody's
        seen->done = secret(1);
        for (;;) sleep_us(1000);
    }
    await(seen->done, secret(1));
    CHECK(seen->answer, secret(0));
    CHECK_THAT(pid > 0 && pid != sys_getpid());
    CHECK(seen->own, pid);
    CHECK(seen->parent, sys_getpid());
    CHECK(sys_kill(static_cast<int>(pid), 0), 0);
}
