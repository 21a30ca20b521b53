// mmap(2), MAP_FIXED: "If the memory region specified by addr and length overlaps pages of any existing
// mapping(s), then the overlapped part of the existing mapping(s) will be discarded."
#include "cairn/check.h"
#include "cairn/memory.h"

TEST("MAP_FIXED replaces just the pages it covers, and what they held is gone at once.") {
    uint64_t memory = map_memory(6 * PAGE);
    for (uint64_t i = 0; i < 6; i++) *at(memory + i * PAGE) = secret(i);
    CHECK(sys_mmap(memory + 2 * PAGE, 2 * PAGE, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0),
          memory + 2 * PAGE);
    CHECK(*at(memory + PAGE), secret(1));
    CHECK(*at(memory + 2 * PAGE), 0);
    CHECK(*at(memory + 3 * PAGE), 0);
    CHECK(*at(memory + 4 * PAGE), secret(4));
    CHECK(sys_mmap(memory, 6 * PAGE, PROT_NONE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0), memory);
    CHECK(can_read(memory + 5 * PAGE + 8), 0);
    CHECK(sys_mmap(memory + 8, PAGE, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0), -EINVAL);
    CHECK(sys_mmap(uint64_t{1} << 63, PAGE, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0),
          -ENOMEM);
    CHECK(sys_munmap(memory, 6 * PAGE), 0);
}
