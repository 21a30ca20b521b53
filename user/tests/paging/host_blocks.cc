// BuddyAllocator::allocate: the smallest free block that will do is halved until it fits.
#include "cairn/check.h"
#include "mm/buddy.h"

static mm::Frame frames[1024];
static mm::BuddyAllocator buddies;

// Number of the block, or of the error below zero.
static int64_t allocate(unsigned order) {
    auto block = buddies.allocate(order);
    return block ? static_cast<int64_t>(*block) : -static_cast<int64_t>(block.error());
}

TEST("A block is cut from the smallest free one that is large enough, and its halves stay free.") {
    buddies.start(frames);
    buddies.add(0, 16);
    buddies.add(32, 40);
    // Of 16 and 8 frames, three are wanted: the block of eight has to give them.
    CHECK(allocate(2) & ~4, 32);
    CHECK(buddies.free_count(), 20);
    CHECK(buddies.any_free(4), 0);
    CHECK(buddies.is_free(32, 2) || buddies.is_free(36, 2), true);
    CHECK(allocate(4), 0);
    CHECK(allocate(4), -ENOMEM);
    CHECK(allocate(3), -ENOMEM);
    int64_t one = allocate(0);
    CHECK_THAT(one >= 32 && one < 40);
    CHECK(buddies.is_free(one ^ 1, 0), true);
    CHECK(buddies.is_free((one & ~3) ^ 2 ^ (one & 2), 1), true);
    CHECK(buddies.free_count(), 3);
    CHECK(allocate(1) % 2, 0);
    CHECK(allocate(0), one ^ 1);
    CHECK(allocate(0), -ENOMEM);
    CHECK(buddies.free_count(), 0);
    CHECK(buddies.total(), 24);
}
