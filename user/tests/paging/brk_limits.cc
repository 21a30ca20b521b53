// brk(2): where the end cannot be moved, it stays, and the answer says where.
#include "cairn/check.h"
#include "cairn/memory.h"

TEST("brk stays where it is when asked for too much, too little, or a place that is taken.") {
    uint64_t start = sys_brk(0);
    CHECK(sys_brk(start + PAGE), start + PAGE);
    CHECK(sys_brk(start - 1), start + PAGE);
    CHECK(sys_brk(1), start + PAGE);
    CHECK(sys_brk(~uint64_t{0}), start + PAGE);
    CHECK(sys_brk(uint64_t{1} << 62), start + PAGE);
    // Another mapping in the way.
    uint64_t taken = (start + PAGE - 1) / PAGE * PAGE + 8 * PAGE;
    CHECK(sys_mmap(taken, PAGE, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0), taken);
    *at(taken) = secret(0);
    CHECK(sys_brk(taken), start + PAGE);
    CHECK(sys_brk(taken + 4 * PAGE), start + PAGE);
    CHECK(sys_brk(taken - 2 * PAGE), taken - 2 * PAGE);
    CHECK(*at(taken), secret(0));
    CHECK(limit_to(RLIMIT_DATA, 64 * PAGE), 0);
    CHECK(sys_munmap(taken, PAGE), 0);
    CHECK(sys_brk(taken + 1024 * PAGE), taken - 2 * PAGE);
    CHECK(sys_brk(start), start);
}
