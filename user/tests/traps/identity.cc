// getpid(2), gettid(2), getuid(2), uname(2): who am I, and on which machine?
#include "cairn/check.h"
#include "cairn/syscall.h"

static bool equal(const char* left, const char* right) {
    while (*left != '\0' && *left == *right) left++, right++;
    return *left == *right;
}

TEST(
    "The only thread's id is the process's, real and effective user are one, uname names the "
    "machine.") {
    CHECK(sys_gettid(), sys_getpid());
    CHECK(sys_geteuid(), sys_getuid());
    CHECK(sys_getegid(), sys_getgid());
    CHECK(sys_set_tid_address(nullptr), sys_getpid());
    new_utsname names = {};
    CHECK(sys_uname(&names), 0);
    CHECK_THAT(equal(names.machine, kMachineName));
}
