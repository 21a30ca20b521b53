// msync(2) and mincore(2), ERRORS.
#include "cairn/check.h"
#include "cairn/memory.h"

TEST("msync and mincore answer ENOMEM for holes, EINVAL for nonsense, EFAULT for a bad vector.") {
    uint64_t memory = map_memory(4 * PAGE);
    unsigned char states[4];
    CHECK(sys_munmap(memory + 2 * PAGE, PAGE), 0);
    CHECK(sys_msync(memory, 2 * PAGE, MS_SYNC), 0);
    CHECK(sys_msync(memory, 0, MS_ASYNC), 0);
    CHECK(sys_msync(memory + 2 * PAGE, 0, MS_ASYNC), 0);
    CHECK(sys_msync(memory + 8, PAGE, MS_SYNC), -EINVAL);
    CHECK(sys_msync(memory, PAGE, MS_SYNC | MS_ASYNC), -EINVAL);
    CHECK(sys_msync(memory + 2 * PAGE, PAGE, 0x100), -EINVAL);
    CHECK(sys_msync(memory, 4 * PAGE, MS_SYNC), -ENOMEM);
    CHECK(sys_msync(memory, ~uint64_t{0} << 12, MS_SYNC), -ENOMEM);
    CHECK(sys_mincore(memory, PAGE, states), 0);
    CHECK(sys_mincore(memory + 8, PAGE, states), -EINVAL);
    CHECK(sys_mincore(memory, 4 * PAGE, states), -ENOMEM);
    CHECK(sys_mincore(memory, PAGE, nullptr), -EFAULT);
    CHECK(sys_mincore(memory + 2 * PAGE, PAGE, reinterpret_cast<void*>(~uint64_t{0} << 12)),
          -EFAULT);
    CHECK(sys_mincore(memory, 2 * PAGE, reinterpret_cast<void*>(memory + 2 * PAGE)), -EFAULT);
    CHECK(sys_mincore(memory + 8, PAGE, nullptr), -EINVAL);
    CHECK(sys_mincore(uint64_t{1} << 63, PAGE, states), -ENOMEM);
    CHECK(sys_mincore(memory, 0, states), 0);
}
