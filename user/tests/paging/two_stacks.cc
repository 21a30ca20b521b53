// Two mappings that grow down (mmap(2), MAP_GROWSDOWN), one above the other. Between stacks no gap
// is kept (Linux: expand_downwards), but each stays a stack of its own.
#include "cairn/check.h"
#include "cairn/memory.h"

static constexpr uint64_t kArena = 64 << 20;

static uint64_t stack_at(uint64_t page) {
    return static_cast<uint64_t>(
        sys_mmap(page, PAGE, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0));
}

TEST("A stack grows down to another stack and no further, and each grows within its own limit.") {
    uint64_t arena = static_cast<uint64_t>(map_memory(kArena));
    CHECK(sys_munmap(arena, kArena), 0);
    uint64_t lower = arena + kArena / 2, upper = lower + 40 * PAGE;
    CHECK(stack_at(lower), lower);
    CHECK(stack_at(upper), upper);
    *at(lower) = secret(0);
    *at(upper) = secret(1);
    CHECK(limit_to(RLIMIT_STACK, 64 * PAGE), 0);
    // Down to the page above the other one.
    *at(upper - 8 * PAGE) = secret(2);
    CHECK(is_mapped(lower + PAGE), 0);
    CHECK(can_write(lower + PAGE), 1);
    *at(lower + PAGE) = secret(3);
    CHECK(*at(lower), secret(0));
    CHECK(*at(upper - 8 * PAGE), secret(2));
    // The lower one begins anew: its limit counts from its own end, though the two touch now.
    CHECK(is_mapped(lower - PAGE), 0);
    CHECK(can_write(lower - 64 * PAGE), 0);
    *at(lower - 63 * PAGE) = secret(4);
    CHECK(*at(lower - 63 * PAGE), secret(4));
    CHECK(*at(lower), secret(0));
    CHECK(*at(lower + PAGE), secret(3));
    CHECK(*at(upper), secret(1));
    // A third one above them has its own limit, too: it does not come down so far.
    uint64_t third = upper + 65 * PAGE;
    CHECK(stack_at(third), third);
    CHECK(can_write(upper + PAGE), 0);
    CHECK(can_write(upper + 2 * PAGE), 1);
}
