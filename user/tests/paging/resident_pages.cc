// mincore(2): which pages are there. Only those that were touched, until somebody asks for all.
#include "cairn/check.h"
#include "cairn/memory.h"

static uint64_t resident(uint64_t memory, uint64_t pages) {
    unsigned char states[64];
    uint64_t mask = 0;
    if (sys_mincore(memory, pages * PAGE, states) != 0) return ~uint64_t{0};
    for (uint64_t i = 0; i < pages; i++) mask |= static_cast<uint64_t>(states[i] & 1) << i;
    return mask;
}

TEST("A page is there once it was touched; MAP_POPULATE and MADV_POPULATE_WRITE touch them all.") {
    uint64_t memory = map_memory(8 * PAGE);
    CHECK(resident(memory, 8), 0);
    *at(memory + 2 * PAGE) = 1;
    *at(memory + 7 * PAGE) = 1;
    CHECK(resident(memory, 8), 0b10000100);
    CHECK(sys_madvise(memory + 2 * PAGE, PAGE, MADV_DONTNEED), 0);
    CHECK(resident(memory, 8), 0b10000000);
    CHECK(sys_madvise(memory + PAGE, 3 * PAGE, MADV_POPULATE_WRITE), 0);
    CHECK(resident(memory, 8), 0b10001110);
    uint64_t all = sys_mmap(0, 8 * PAGE, READ_WRITE, PRIVATE_ANONYMOUS | MAP_POPULATE, -1, 0);
    CHECK(resident(all, 8), 0xFF);
    // System calls touch pages like the program itself.
    CHECK(can_write(memory), 1);
    CHECK(resident(memory, 8), 0b10001111);
}
