// mremap(2), MREMAP_MAYMOVE: the contents go along, the old place is left empty.
#include "cairn/check.h"
#include "cairn/memory.h"

TEST("mremap moves a mapping that has no room to grow, contents and protection with it.") {
    uint64_t memory = map_memory(4 * PAGE);
    CHECK(sys_munmap(memory + 3 * PAGE, PAGE), 0);
    uint64_t wall =
        sys_mmap(memory + 3 * PAGE, PAGE, PROT_NONE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0);
    CHECK(wall, memory + 3 * PAGE);
    *at(memory) = secret(0);
    *at(memory + 2 * PAGE) = secret(2);
    uint64_t moved = sys_mremap(memory, 3 * PAGE, 40 * PAGE, MREMAP_MAYMOVE, 0);
    CHECK_THAT(moved % PAGE == 0 && moved != memory);
    CHECK(*at(moved), secret(0));
    CHECK(*at(moved + PAGE), 0);  // never touched: a page of zeroes there, too
    CHECK(*at(moved + 2 * PAGE), secret(2));
    CHECK(*at(moved + 39 * PAGE), 0);
    CHECK(is_mapped(memory), 0);
    CHECK(is_mapped(memory + 2 * PAGE), 0);
    CHECK(is_mapped(wall), 1);
    // The middle of a mapping can go on a journey, too.
    uint64_t middle = sys_mremap(moved + 2 * PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE, 0);
    CHECK(*at(middle), secret(2));
    CHECK(*at(middle + PAGE), 0);
    CHECK(is_mapped(moved + 2 * PAGE), 0);
    CHECK(*at(moved + 3 * PAGE), 0);
}
