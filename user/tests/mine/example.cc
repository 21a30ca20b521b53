// A test of your own: copy this file, and say in the sentence what it proves. Then
//     make mytest F=user/tests/mine/your_test.cc
#include "cairn/check.h"
#include "cairn/syscall.h"

TEST("Two calls of getpid return the same number.") {
    long first = sys_getpid();
    CHECK(sys_getpid(), first);
}
