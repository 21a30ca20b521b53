// brk(2), as the kernel has it: the answer is the end of the data segment, moved or not.
#include "cairn/check.h"
#include "cairn/memory.h"

TEST("brk grows and shrinks the data segment, byte for byte, and what it adds is zero.") {
    uint64_t start = sys_brk(0);
    CHECK(sys_brk(start + 5 * PAGE + 123), start + 5 * PAGE + 123);
    uint64_t first = (start + PAGE - 1) / PAGE * PAGE, dirty = 0;
    for (uint64_t a = first; a < first + 5 * PAGE; a += 8) dirty += *at(a) != 0;
    CHECK(dirty, 0);
    for (uint64_t i = 0; i < 5; i++) *at(first + i * PAGE) = secret(i);
    CHECK(sys_brk(first + PAGE + 1), first + PAGE + 1);
    CHECK(*at(first + PAGE), secret(1));
    CHECK(is_mapped(first + 2 * PAGE), 0);
    // What was given back comes back as zeroes.
    CHECK(sys_brk(first + 4 * PAGE), first + 4 * PAGE);
    CHECK(*at(first), secret(0));
    CHECK(*at(first + 2 * PAGE), 0);
    CHECK(sys_brk(start), start);
    CHECK(is_mapped(first), 0);
}
