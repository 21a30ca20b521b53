// mmap(2): without MAP_FIXED nothing is placed below /proc/sys/vm/mmap_min_addr, so that a null pointer
// never finds memory. Linux lets nobody but root ask for such an address with MAP_FIXED.
#include "cairn/check.h"
#include "cairn/memory.h"

TEST("Page 0 is not mapped, and no hint and no search places a mapping there.") {
    CHECK(is_mapped(0), 0);
    CHECK(can_read(secret(0) % 4096), 0);
    CHECK_THAT(sys_mmap(1, PAGE, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0) >= 4096);
    CHECK_THAT(sys_mmap(PAGE - 1, PAGE, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0) >= 4096);
    CHECK(is_mapped(0), 0);
    long fixed = sys_mmap(0, PAGE, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0);
    CHECK_THAT(fixed == -EPERM || fixed == 0);
    if (fixed == 0) sys_munmap(0, PAGE);
    CHECK(is_mapped(0), 0);
}
