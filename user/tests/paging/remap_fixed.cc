// mremap(2), MREMAP_FIXED: to just this address, whatever is there.
#include "cairn/check.h"
#include "cairn/memory.h"

static constexpr int kTo = MREMAP_MAYMOVE | MREMAP_FIXED;

TEST("mremap with MREMAP_FIXED moves to the given address and replaces what lies there.") {
    uint64_t memory = map_memory(10 * PAGE);
    for (uint64_t i = 0; i < 10; i++) *at(memory + i * PAGE) = secret(i);
    CHECK(sys_mremap(memory, 2 * PAGE, 2 * PAGE, kTo, memory + 6 * PAGE), memory + 6 * PAGE);
    CHECK(*at(memory + 6 * PAGE), secret(0));
    CHECK(*at(memory + 7 * PAGE), secret(1));
    CHECK(*at(memory + 8 * PAGE), secret(8));
    CHECK(is_mapped(memory + PAGE), 0);
    // Smaller at the new place: only as much of the old one as fits goes there, the rest is gone.
    CHECK(sys_mremap(memory + 2 * PAGE, 3 * PAGE, PAGE, kTo, memory), memory);
    CHECK(*at(memory), secret(2));
    CHECK(is_mapped(memory + 3 * PAGE), 0);
    CHECK(*at(memory + 5 * PAGE), secret(5));
    // Larger: with fresh pages behind.
    CHECK(sys_mremap(memory + 5 * PAGE, PAGE, 2 * PAGE, kTo, memory + 8 * PAGE), memory + 8 * PAGE);
    CHECK(*at(memory + 8 * PAGE), secret(5));
    CHECK(*at(memory + 9 * PAGE), 0);
}
