// What waitid is asked for: WEXITED, WSTOPPED, WCONTINUED. An end is told only to those who ask for ends.
#include "cairn/children.h"

struct Group {
    int any, group;
};

// Asks for these events, of any child and of a group; without waiting for one.
static Group ask(int options, int group) {
    siginfo_t info;
    return {static_cast<int>(sys_waitid(P_ALL, 0, &info, options | WNOHANG, nullptr)),
            static_cast<int>(sys_waitid(P_PGID, group, &info, options | WNOHANG, nullptr))};
}

static uint64_t wrong(const char* what, int options, int pid, int want) {
    siginfo_t info;
    Group got = ask(options, 0);
    uint64_t found = differs(what, got.any, want) + differs(what, got.group, want);
    return found + differs(what, sys_waitid(P_PID, pid, &info, options | WNOHANG, nullptr), want);
}

TEST("A child's end is told to those who ask for ends, and not to those who ask for stops.") {
    int child = static_cast<int>(start_child([] { return secret(0); }));
    siginfo_t info;
    CHECK(sys_waitid(P_PID, child, &info, WEXITED | WNOWAIT, nullptr), 0);
    // It is dead, and will never stop: there is nobody to wait for.
    CHECK(wrong("asked for stops", WSTOPPED, child, -ECHILD), 0);
    CHECK(wrong("asked for continues", WCONTINUED, child, -ECHILD), 0);
    CHECK(wrong("asked for both, any kind", static_cast<int>(WSTOPPED | WCONTINUED | __WALL), child,
                -ECHILD),
          0);
    CHECK(sys_waitid(P_ALL, 0, &info, WSTOPPED, nullptr), -ECHILD);
    // Asked for all three it is found, and once only.
    info.si_pid = 0;
    CHECK(sys_waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | WCONTINUED | WNOWAIT, nullptr), 0);
    CHECK(info.si_pid, child);
    // Beside it one that lives and may stop.
    auto* go = shared<volatile uint64_t>();
    int living = static_cast<int>(start_child([=] {
        await(*go, secret(1));
        return 7;
    }));
    CHECK(wrong("asked for stops, one lives", WSTOPPED, living, 0), 0);
    info.si_pid = -1;
    CHECK(sys_waitid(P_ALL, 0, &info, WCONTINUED | WNOHANG, nullptr), 0);
    CHECK(info.si_pid, 0);
    *go = secret(1);
    CHECK(sys_waitid(P_PID, living, &info, WSTOPPED, nullptr), -ECHILD);  // it has ended instead
    CHECK(sys_waitid(P_ALL, 0, &info, WSTOPPED, nullptr), -ECHILD);
    // Nobody was reaped by all that.
    int status = 0;
    CHECK(sys_wait4(child, &status, WUNTRACED | WCONTINUED, nullptr), child);
    CHECK(status, exited(static_cast<int>(secret(0))));
    CHECK(wait_for(living), exited(7));
}
