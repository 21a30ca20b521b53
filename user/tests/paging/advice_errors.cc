// madvise(2), ERRORS. A hole answers ENOMEM, but the advice reaches the pages behind it all the same.
#include "cairn/check.h"
#include "cairn/memory.h"

TEST("madvise answers EINVAL for unknown advice, and ENOMEM for holes behind which it goes on.") {
    uint64_t memory = map_memory(4 * PAGE);
    for (uint64_t i = 0; i < 4; i++) *at(memory + i * PAGE) = secret(i);
    CHECK(sys_munmap(memory + PAGE, PAGE), 0);
    CHECK(sys_madvise(memory, PAGE, 12345), -EINVAL);
    CHECK(sys_madvise(memory + 8, PAGE, MADV_DONTNEED), -EINVAL);
    CHECK(sys_madvise(memory, 0, MADV_DONTNEED), 0);
    CHECK(sys_madvise(memory + PAGE, 0, 12345), -EINVAL);
    CHECK(sys_madvise(memory, ~uint64_t{0}, MADV_DONTNEED), -EINVAL);
    CHECK(sys_madvise(memory + PAGE, PAGE, MADV_DONTNEED), -ENOMEM);
    CHECK(*at(memory + 2 * PAGE), secret(2));
    CHECK(sys_madvise(memory, 3 * PAGE, MADV_DONTNEED), -ENOMEM);
    CHECK(*at(memory), 0);
    CHECK(*at(memory + 2 * PAGE), 0);
    CHECK(*at(memory + 3 * PAGE), secret(3));
    CHECK(sys_madvise(memory + 2 * PAGE, 2 * PAGE, MADV_WILLNEED), 0);
    CHECK(sys_madvise(memory + 2 * PAGE, 2 * PAGE, MADV_NORMAL), 0);
    CHECK(*at(memory + 3 * PAGE), secret(3));
}
