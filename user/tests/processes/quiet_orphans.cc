// How an orphan will tell of its end is not what its first parent chose: the new parent gets SIGCHLD.
#include "cairn/children.h"

// Exits when it is told to, or at once without a word; sends `signal` at its end.
static int child_with(unsigned long signal, const volatile uint64_t* go, int code) {
    long pid = sys_clone(signal, nullptr, nullptr, nullptr, 0);
    if (pid != 0) return static_cast<int>(pid);
    if (go != nullptr) await(*go, secret(1));
    for (;;) sys_exit_group(code);
}

struct Family {
    volatile int pids[4];
    volatile uint64_t go;
};

// Two children that live and two zombies: one of each kind without a signal, the other with another one.
// (SIGWINCH does nothing to a process that has no handler for it.)
static int leave_four(Family* family) {
    for (int i = 0; i < 4; i++) {
        family->pids[i] =
            child_with(i % 2 == 0 ? 0 : SIGWINCH, i < 2 ? &family->go : nullptr, 11 + i);
    }
    siginfo_t info;
    for (int i = 2; i < 4; i++) {
        sys_waitid(P_PID, family->pids[i], &info, static_cast<int>(WEXITED | WNOWAIT | __WALL),
                   nullptr);
    }
    return 6;
}

TEST("An orphan's new parent waits for it as for any child, whatever its exit signal was.") {
    if (sys_getpid() != 1) sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    auto* family = shared<Family>();
    CHECK(wait_for(start_child([=] { return leave_four(family); })), exited(6));
    uint64_t wrong = 0;
    for (int i = 0; i < 4; i++) {
        // Only those that tell by another signal than SIGCHLD, or by none: it is none of these.
        long got =
            sys_wait4(family->pids[i], nullptr, static_cast<int>(__WCLONE | WNOHANG), nullptr);
        wrong += differs(i < 2 ? "living, __WCLONE" : "zombie, __WCLONE", got, -ECHILD);
    }
    CHECK(wrong, 0);
    family->go = secret(1);
    int seen = 0;
    for (int i = 0; i < 4; i++) {
        int status = 0;
        long pid = sys_wait4(-1, &status, 0, nullptr);
        int which = 0;
        while (which < 4 && family->pids[which] != pid) which++;
        wrong += differs("any child", which < 4, 1);
        if (which == 4) break;
        wrong += differs("status", status, exited(11 + which));
        seen |= 1 << which;
    }
    CHECK(wrong, 0);
    CHECK(seen, 15);
    CHECK(sys_wait4(-1, nullptr, static_cast<int>(__WALL), nullptr), -ECHILD);
}
