// Each child is reported by one wait4 call, and by one only.
#include "cairn/children.h"

static constexpr uint64_t kChildren = 20;

TEST("Twenty children are reaped once each, with their own status; then there is ECHILD.") {
    long pids[kChildren];
    for (uint64_t i = 0; i < kChildren; i++) {
        pids[i] = start_child([=] { return secret(i); });
    }
    uint64_t wrong = 0, seen = 0;
    for (uint64_t n = 0; n < kChildren; n++) {
        int status = -1;
        long pid = sys_wait4(-1, &status, 0, nullptr);
        for (uint64_t i = 0; i < kChildren; i++) {
            if (pids[i] != pid) continue;
            wrong +=
                (seen >> i & 1) + differs("status", status, exited(static_cast<int>(secret(i))));
            seen |= uint64_t{1} << i;
        }
    }
    CHECK(wrong, 0);
    CHECK(seen, (uint64_t{1} << kChildren) - 1);
    CHECK(sys_wait4(-1, nullptr, 0, nullptr), -ECHILD);
    CHECK(sys_wait4(static_cast<int>(pids[0]), nullptr, 0, nullptr), -ECHILD);
    CHECK(sys_wait4(-1, nullptr, WNOHANG, nullptr), -ECHILD);
}
