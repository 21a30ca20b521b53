// Parent and child end at the same time: whoever is left over belongs to init, and to nobody else.
#include "races.h"

TEST("When parents and children exit at once, every one of them is reaped once by somebody.") {
    if (sys_getpid() != 1) sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < argument_number(1, 40); i++) {
        auto* pids = shared<volatile int[2]>();
        long parent = start_child([=] {
            (*pids)[0] = static_cast<int>(start_child([=] {
                races::dawdle(2 * i, 5000);
                return 7;
            }));
            races::dawdle(2 * i + 1, 5000);
            return 8;
        });
        // Both come here, in whatever order.
        uint64_t seen = 0;
        for (int status = -1, n = 0; n < 2; n++) {
            long pid = sys_wait4(-1, &status, 0, nullptr);
            if (pid == parent && status == exited(8)) seen |= 1;
            if (pid == (*pids)[0] && status == exited(7)) seen |= 2;
        }
        wrong += differs("both", static_cast<long>(seen), 3);
        wrong += differs("no more", sys_wait4(-1, nullptr, WNOHANG, nullptr), -ECHILD);
        sys_munmap(reinterpret_cast<uint64_t>(pids), PAGE);
    }
    CHECK(wrong, 0);
}
