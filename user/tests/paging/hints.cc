// mmap(2): "If addr is not NULL, then the kernel takes it as a hint about where to place the mapping."
#include "cairn/check.h"
#include "cairn/memory.h"

static uint64_t map_near(uint64_t hint, uint64_t size) {
    return sys_mmap(hint, size, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
}

TEST("A hint is taken where it is free, rounded down to a page; else another place is found.") {
    uint64_t memory = map_memory(64 * PAGE);
    CHECK(sys_munmap(memory, 64 * PAGE), 0);
    CHECK(map_near(memory + 16 * PAGE, PAGE), memory + 16 * PAGE);
    CHECK(map_near(memory + 20 * PAGE + 123, PAGE), memory + 20 * PAGE);
    *at(memory + 16 * PAGE) = secret(0);
    uint64_t taken = map_near(memory + 16 * PAGE, PAGE);
    CHECK_THAT(taken % PAGE == 0 && taken != memory + 16 * PAGE);
    uint64_t overlapping = map_near(memory + 18 * PAGE, 3 * PAGE);
    CHECK_THAT(overlapping != memory + 18 * PAGE);
    CHECK(*at(overlapping + 2 * PAGE), 0);
    CHECK(*at(memory + 16 * PAGE), secret(0));
    // Beyond user memory, a hint is no more than a bad hint.
    uint64_t high = map_near(uint64_t{1} << 63, PAGE);
    CHECK_THAT(high % PAGE == 0 && high < uint64_t{1} << 47);
    *at(high) = secret(1);
    CHECK(*at(high), secret(1));
}
