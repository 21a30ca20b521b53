// munmap(2), EINVAL; "It is not an error if the indicated range does not contain any mapped pages."
#include "cairn/check.h"
#include "cairn/memory.h"

TEST("munmap refuses an unaligned address, no length, and ranges beyond user memory.") {
    uint64_t memory = map_memory(2 * PAGE);
    *at(memory) = secret(0);
    CHECK(sys_munmap(memory + 1 + secret(1) % 4095, PAGE), -EINVAL);
    CHECK(sys_munmap(memory, 0), -EINVAL);
    CHECK(sys_munmap(memory, ~uint64_t{0}), -EINVAL);
    CHECK(sys_munmap(memory, uint64_t{1} << 63), -EINVAL);
    CHECK(sys_munmap(~uint64_t{0} << 12, PAGE), -EINVAL);
    CHECK(sys_munmap(uint64_t{1} << 63, PAGE), -EINVAL);
    CHECK(*at(memory), secret(0));
    CHECK(sys_munmap(memory, 2 * PAGE), 0);
    CHECK(sys_munmap(memory, 2 * PAGE), 0);
}
