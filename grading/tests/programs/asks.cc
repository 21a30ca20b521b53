// One check that holds only if the kernel really answers.
#include "cairn/check.h"
#include "cairn/syscall.h"

TEST("getpid answers 1.") {
    cairn::note("asking for %d", 1);
    CHECK(sys_getpid(), 1);
}
