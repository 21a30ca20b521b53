// BuddyAllocator::free: a free block is joined with its buddy, and with nobody else.
#include "cairn/check.h"
#include "mm/buddy.h"

static mm::Frame frames[4096];
static mm::BuddyAllocator buddies;

TEST("Freed blocks are joined with their buddies, so that large blocks come back.") {
    buddies.start(frames);
    buddies.add(1024, 3072);  // two blocks of the largest order, and nothing beside them
    uint64_t failures = 0;
    for (uint32_t i = 0; i < 2048; i++) failures += !buddies.allocate(0);
    CHECK(failures, 0);
    CHECK(buddies.free_count(), 0);
    buddies.free(1025, 0);
    buddies.free(1026, 0);  // neighbours, but not buddies
    CHECK(buddies.is_free(1025, 0), true);
    CHECK(buddies.is_free(1026, 0), true);
    buddies.free(1027, 0);
    CHECK(buddies.is_free(1026, 1), true);
    CHECK(buddies.is_free(1027, 0), false);
    buddies.free(1024, 0);
    CHECK(buddies.is_free(1024, 2), true);
    // All others, in a drawn order: in the end there are the two large blocks again.
    for (uint32_t i = 0; i < 2048; i++) {
        uint32_t frame = 1024 + (i * 1021 + secret(0) % 2048) % 2048;
        if (frame >= 1028) buddies.free(frame, 0);
    }
    CHECK(buddies.free_count(), 2048);
    CHECK(buddies.is_free(1024, 10), true);
    CHECK(buddies.is_free(2048, 10), true);
    CHECK(buddies.any_free(0), mm::BuddyAllocator::kNone);
    // No larger ones: the two are neighbours, too.
    CHECK(buddies.frame(1024).order, 10);
}
