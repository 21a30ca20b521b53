// syscall(2): a number that no call has is answered with ENOSYS, whatever it looks like.
#include "cairn/check.h"
#include "cairn/syscall.h"

static long call(long number) {
    return system_call(number, static_cast<long>(secret(0)), 0, 0, 0, 0, 0);
}

TEST("An unknown or negative system-call number returns -ENOSYS.") {
    CHECK(call(510), -ENOSYS);
    CHECK(call(512), -ENOSYS);
    CHECK(call(5000 + static_cast<long>(secret(1) % 100'000)), -ENOSYS);
    CHECK(call(0x7FFFFFFF), -ENOSYS);
    CHECK(call(-1), -ENOSYS);
    CHECK(call(-static_cast<long>(2 + secret(2) % 1000)), -ENOSYS);
    CHECK(call(__NR_getpid), sys_gettid());  // and the table still answers
}
