// Drawn allocations and frees of all sizes against a list of who has what.
#include "cairn/check.h"
#include "mm/buddy.h"

static constexpr uint32_t kFrames = 3000, kHole = 1500, kHoleEnd = 1517;
static mm::Frame frames[kFrames];
static mm::BuddyAllocator buddies;
static bool used[kFrames];
static struct Block {
    uint32_t first;
    unsigned order;
} blocks[kFrames];
static uint32_t block_count = 0;

// Marks the frames of a block; how many of them were not as they must have been.
static uint64_t mark(Block block, bool now) {
    uint64_t wrong = 0;
    if (block.first % (1u << block.order) != 0) {
        note("frame of a block of order %u: %u, not a multiple of %u", block.order, block.first,
             1u << block.order);
        wrong++;
    }
    for (uint32_t i = block.first; i < block.first + (1u << block.order); i++) {
        const bool is_reserved = i >= kFrames || (i >= kHole && i < kHoleEnd);
        if (is_reserved || used[i] == now) {
            note("frame %u of the block at %u: %s, not %s", i, block.first,
                 is_reserved ? "reserved"
                 : used[i]   ? "in use"
                             : "free",
                 now ? "free" : "in use");
            wrong++;
        }
        if (i < kFrames) used[i] = now;
    }
    return wrong;
}

TEST("No frame is given out twice, none is lost, and reserved ones are left alone.") {
    buddies.start(frames);
    buddies.add(0, kHole);
    buddies.add(kHoleEnd, kFrames);
    uint64_t wrong = 0, in_use = 0;
    for (uint64_t i = 0; i < 20'000; i++) {
        unsigned order = secret(i) % 8 * (secret(i) >> 20 & 1);
        if (secret(i) >> 32 & 1) {
            auto block = buddies.allocate(order);
            if (!block) continue;
            blocks[block_count++] = {*block, order};
            wrong += mark(blocks[block_count - 1], true);
            in_use += 1u << order;
        } else if (block_count > 0) {
            uint32_t victim = secret(i) / 64 % block_count;
            wrong += mark(blocks[victim], false);
            in_use -= 1u << blocks[victim].order;
            buddies.free(blocks[victim].first, blocks[victim].order);
            blocks[victim] = blocks[--block_count];
        }
        if (buddies.free_count() + in_use == buddies.total()) continue;
        note("free frames: %lu, not %lu", static_cast<uint64_t>(buddies.free_count()),
             static_cast<uint64_t>(buddies.total()) - in_use);
        wrong++;
    }
    CHECK(wrong, 0);
    for (; block_count > 0; block_count--)
        buddies.free(blocks[block_count - 1].first, blocks[block_count - 1].order);
    CHECK(buddies.free_count(), kFrames - (kHoleEnd - kHole));
    CHECK(buddies.is_free(0, 10), true);
    CHECK(buddies.is_free(2048, 9), true);
}
