// A buffer below the stack's lowest page: a system call makes the stack grow like an instruction does.
#include "cairn/check.h"
#include "cairn/memory.h"

TEST("The stack also grows when a system call is the first to touch it.") {
    int here;
    uint64_t below = (reinterpret_cast<uintptr_t>(&here) & ~(PAGE - 1)) - (1 << 20);
    CHECK(is_mapped(below), 0);
    CHECK(can_write(below), 1);
    CHECK(is_mapped(below), 1);
    CHECK(*at(below + 8), 0);
    CHECK(can_read(below - (1 << 20)), 1);
    CHECK(is_mapped(below - (1 << 20)), 1);
    CHECK(limit_to(RLIMIT_STACK, 3 << 20), 0);
    CHECK(can_write(below - (3 << 20)), 0);
    CHECK(is_mapped(below - (3 << 20)), 0);
}
