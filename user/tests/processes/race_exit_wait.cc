// Child and parent hurry: the one to exit, the other to wait for it.
#include "races.h"

static long wait_somehow(long pid, uint64_t way, int* status) {
    auto child = static_cast<int>(pid);
    if (way == 0) return sys_wait4(child, status, 0, nullptr);
    if (way == 1) return sys_wait4(-1, status, 0, nullptr);
    for (;;) {  // asks until the answer is yes
        long reaped = sys_wait4(child, status, WNOHANG, nullptr);
        if (reaped != 0) return reaped;
        sys_sched_yield();
    }
}

TEST(
    "However close a child's exit and its parent's wait come, it is reaped once, with its "
    "status.") {
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < argument_number(1, 60); i++) {
        long pid = start_child([=] {
            races::dawdle(2 * i, 2000);
            return static_cast<int>(secret(i));
        });
        races::dawdle(2 * i + 1, 12000);
        int status = -1;
        wrong += differs("pid", wait_somehow(pid, i % 3, &status), pid);
        wrong += differs("status", status, exited(static_cast<int>(secret(i))));
        wrong += differs("again", sys_wait4(-1, nullptr, WNOHANG, nullptr), -ECHILD);
    }
    CHECK(wrong, 0);
}
