// mremap(2): a mapping grows where it lies if the pages behind it are free, and shrinks from its end.
#include "cairn/check.h"
#include "cairn/memory.h"

TEST("mremap shrinks a mapping, and lets it grow in place where there is room.") {
    uint64_t memory = map_memory(8 * PAGE);
    for (uint64_t i = 0; i < 8; i++) *at(memory + i * PAGE) = secret(i);
    CHECK(sys_mremap(memory, 8 * PAGE, 3 * PAGE, 0, 0), memory);
    CHECK(is_mapped(memory + 2 * PAGE), 1);
    CHECK(is_mapped(memory + 3 * PAGE), 0);
    CHECK(sys_mremap(memory, 3 * PAGE, 6 * PAGE - 5, 0, 0), memory);
    CHECK(*at(memory + 2 * PAGE), secret(2));
    CHECK(*at(memory + 3 * PAGE), 0);
    CHECK(*at(memory + 5 * PAGE), 0);
    CHECK(is_mapped(memory + 6 * PAGE), 0);
    // Something in the way: without MREMAP_MAYMOVE it must stay as it is.
    CHECK(sys_mmap(memory + 7 * PAGE, PAGE, PROT_READ, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0),
          memory + 7 * PAGE);
    CHECK(sys_mremap(memory, 6 * PAGE, 7 * PAGE, 0, 0), memory);
    CHECK(sys_mremap(memory, 7 * PAGE, 8 * PAGE, 0, 0), -ENOMEM);
    CHECK(*at(memory + PAGE), secret(1));
    CHECK(sys_mremap(memory, 7 * PAGE, 7 * PAGE, 0, 0), memory);
}
