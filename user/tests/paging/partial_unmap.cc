// munmap(2): "All pages containing a part of the indicated range are unmapped": others are not.
#include "cairn/check.h"
#include "cairn/memory.h"

TEST("munmap of the middle of a mapping leaves both ends as they were.") {
    uint64_t memory = map_memory(9 * PAGE);
    for (uint64_t i = 0; i < 9; i++) *at(memory + i * PAGE) = secret(i);
    CHECK(sys_munmap(memory + 3 * PAGE, 2 * PAGE + 1), 0);
    uint64_t mapped = 0, wrong = 0;
    for (uint64_t i = 0; i < 9; i++) {
        mapped |= static_cast<uint64_t>(is_mapped(memory + i * PAGE)) << i;
        if (i < 3 || i > 5) wrong += *at(memory + i * PAGE) != secret(i);
    }
    CHECK(mapped, 0b111000111);
    CHECK(can_read(memory + 4 * PAGE), 0);
    CHECK(can_read(memory + 5 * PAGE), 0);
    CHECK(wrong, 0);
    // The ends go the same way; holes in the range do not matter.
    CHECK(sys_munmap(memory + 8 * PAGE, PAGE), 0);
    CHECK(is_mapped(memory + 7 * PAGE), 1);
    CHECK(is_mapped(memory + 8 * PAGE), 0);
    CHECK(sys_munmap(memory, 9 * PAGE), 0);
    CHECK(is_mapped(memory + 7 * PAGE), 0);
}
