// The buddy allocator: blocks taken apart, joined, and the mistakes that debug builds catch.
#include <gtest/gtest.h>

#include "lib/random.h"
#include "mm/buddy_sample.h"

namespace {

using mm::BuddyAllocator;

constexpr uint32_t kNone = BuddyAllocator::kNone;

struct Memory {
    explicit Memory(uint32_t count) : frames(count) {
        buddies.start(frames);
        buddies.add(0, count);
    }
    std::vector<mm::Frame> frames;
    BuddyAllocator buddies;
};

TEST(Buddy, RamIsLaidOutInTheLargestAlignedBlocks) {
    std::vector<mm::Frame> frames(4096);
    BuddyAllocator buddies;
    buddies.start(frames);
    buddies.add(1023, 2050);
    EXPECT_TRUE(buddies.is_free(1023, 0));
    EXPECT_TRUE(buddies.is_free(1024, 10));
    EXPECT_TRUE(buddies.is_free(2048, 1));
    EXPECT_EQ(buddies.free_count(), 1027u);
    EXPECT_EQ(buddies.total(), 1027u);
}

TEST(Buddy, BlockIsHalvedUntilItFits) {
    Memory memory(8);
    EXPECT_EQ(*memory.buddies.allocate(0), 0u);
    EXPECT_TRUE(memory.buddies.is_free(1, 0));
    EXPECT_TRUE(memory.buddies.is_free(2, 1));
    EXPECT_TRUE(memory.buddies.is_free(4, 2));
    EXPECT_EQ(memory.buddies.free_count(), 7u);
    EXPECT_EQ(*memory.buddies.allocate(2), 4u);
    EXPECT_EQ(memory.buddies.allocate(2).error(), Errno{ENOMEM});
    EXPECT_EQ(*memory.buddies.allocate(1), 2u);
    EXPECT_EQ(*memory.buddies.allocate(0), 1u);
    EXPECT_EQ(memory.buddies.allocate(0).error(), Errno{ENOMEM});
}

TEST(Buddy, FreeBuddiesAreJoinedAndOthersAreNot) {
    Memory memory(8);
    for (uint32_t n = 0; n < 8; n++) EXPECT_LT(*memory.buddies.allocate(0), 8u);
    memory.buddies.free(1, 0);
    memory.buddies.free(2, 0);  // neighbours, but not buddies
    EXPECT_TRUE(memory.buddies.is_free(1, 0));
    EXPECT_TRUE(memory.buddies.is_free(2, 0));
    memory.buddies.free(3, 0);
    EXPECT_TRUE(memory.buddies.is_free(2, 1));
    memory.buddies.free(0, 0);
    EXPECT_TRUE(memory.buddies.is_free(0, 2));
    EXPECT_EQ(memory.buddies.any_free(0), kNone);
    EXPECT_EQ(memory.buddies.any_free(1), kNone);
}

TEST(Buddy, RandomAllocationsKeepToAListOfWhoHasWhat) {
    for (uint64_t seed = 1; seed <= 20; seed++) {
        lib::Random random(seed);
        std::vector<uint8_t> bytes(2 * 2000);
        for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random.next());
        mm::BuddySample().run(bytes);
    }
}

TEST(BuddyDeathTest, WhatIsNotInUseCannotBeFreed) {
    Memory memory(8);
    EXPECT_EQ(*memory.buddies.allocate(1), 0u);
    EXPECT_EXIT(memory.buddies.free(4, 2), testing::ExitedWithCode(127), "0x4 is freed");
    EXPECT_EXIT(memory.buddies.free(1, 0), testing::ExitedWithCode(127), "0x1 is freed");
    EXPECT_EXIT(memory.buddies.free(1000, 0), testing::ExitedWithCode(127), "0x3e8 is freed");
    EXPECT_EXIT(memory.buddies.free(0, 0), testing::ExitedWithCode(127), "its order is 1");
    memory.buddies.free(0, 1);
    EXPECT_EXIT(memory.buddies.free(0, 1), testing::ExitedWithCode(127), "nobody has it");
}

}  // namespace
