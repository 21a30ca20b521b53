// mmap(2): a MAP_GROWSDOWN mapping grows as the stack does; neither ever reaches the addresses below
// /proc/sys/vm/mmap_min_addr, where a null pointer points to (Linux: expand_downwards).
#include "cairn/check.h"
#include "cairn/memory.h"

// The lowest address that everybody may map: the first page of this program, its ELF header.
static constexpr uint64_t kLowest = 65536;
static constexpr int kGrows = PRIVATE_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED;

TEST("A mapping that grows down grows by what is touched below it, and never down to page 0.") {
    uint64_t hole = map_memory(2048 * PAGE);
    CHECK(sys_munmap(hole, 2048 * PAGE), 0);
    uint64_t top = hole + 2047 * PAGE;
    CHECK(sys_mmap(top, PAGE, READ_WRITE, kGrows, -1, 0), top);
    *at(top - 3 * PAGE) = secret(0);
    CHECK(*at(top - 3 * PAGE), secret(0));
    CHECK(is_mapped(top - 2 * PAGE), 1);
    CHECK(is_mapped(top - 4 * PAGE), 0);
    CHECK(sys_mmap(kLowest, PAGE, READ_WRITE, kGrows, -1, 0), kLowest);
    *at(kLowest) = secret(1);
    CHECK(can_write(0), 0);
    CHECK(can_read(8), 0);
    CHECK(is_mapped(0), 0);
    CHECK(*at(kLowest), secret(1));
}
