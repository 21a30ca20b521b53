// mprotect(2), ERRORS. Pages in front of a hole have been changed when ENOMEM is returned, as on Linux.
#include "cairn/check.h"
#include "cairn/memory.h"

TEST("mprotect answers EINVAL and ENOMEM in Linux's order, and stops at the first hole.") {
    uint64_t memory = map_memory(4 * PAGE);
    CHECK(sys_munmap(memory + 2 * PAGE, PAGE), 0);
    CHECK(sys_mprotect(memory + 8, PAGE, PROT_READ), -EINVAL);
    CHECK(sys_mprotect(memory + 8, 0, PROT_READ), -EINVAL);
    CHECK(sys_mprotect(memory, 0, PROT_READ), 0);
    CHECK(sys_mprotect(memory + 2 * PAGE, 0, 0x40), 0);
    CHECK(sys_mprotect(memory, PAGE, 0x40), -EINVAL);
    CHECK(sys_mprotect(memory, ~uint64_t{0} << 12, PROT_READ), -ENOMEM);
    CHECK(can_write(memory), 1);
    CHECK(sys_mprotect(memory + 2 * PAGE, PAGE, PROT_READ), -ENOMEM);
    CHECK(sys_mprotect(memory, 4 * PAGE, PROT_READ), -ENOMEM);
    CHECK(can_write(memory), 0);
    CHECK(can_write(memory + PAGE), 0);
    CHECK(can_write(memory + 3 * PAGE), 1);
    CHECK(sys_mprotect(memory + 3 * PAGE, 2 * PAGE, 0x40), -EINVAL);
}
