// Tables are memory, too: a mapping that reaches far and touches little needs many of them, and munmap
// gives them back. The host compares the free memory before and after.
#include "cairn/check.h"
#include "cairn/memory.h"

static constexpr uint64_t kStride = uint64_t{1} << 30;  // a leaf table and a middle one for each

static uint64_t touch_and_unmap(uint64_t count) {
    uint64_t memory =
        sys_mmap(0, count * kStride, READ_WRITE, PRIVATE_ANONYMOUS | MAP_NORESERVE, -1, 0);
    for (uint64_t i = 0; i < count; i++)
        *at(memory + i * kStride + secret(i) % kStride / 8 * 8) = i;
    uint64_t at_most = free_memory();
    sys_munmap(memory, count * kStride);
    return at_most;
}

TEST("Unmapping gives back the page tables that nothing needs any more.") {
    touch_and_unmap(2);
    VALUE(free_memory());
    for (int i = 0; i < 50; i++) touch_and_unmap(16);
    VALUE(free_memory());
    CHECK_THAT(touch_and_unmap(16) > 0);
}
