// The tree of mappings: finding, cutting, joining, and gaps.
#include <gtest/gtest.h>

#include "lib/random.h"
#include "mm/vma_tree_sample.h"

namespace {

using mm::Vma;
using mm::VmaTree;

constexpr uint64_t kPage = 4096;

struct Space {
    ~Space() {
        while (Vma* vma = tree.first()) tree.remove(*vma);
    }
    Vma& map(Vma& vma, uint64_t begin, uint64_t end) {
        vma.begin = begin * kPage;
        vma.end = end * kPage;
        tree.insert(vma);
        return vma;
    }
    VmaTree tree;
};

TEST(VmaTree, FindsTheFirstMappingThatEndsAboveAnAddress) {
    Vma low, high;
    Space space;
    EXPECT_EQ(space.tree.find(0), nullptr);
    space.map(low, 2, 4);
    space.map(high, 6, 7);
    EXPECT_EQ(space.tree.find(0), &low);
    EXPECT_EQ(space.tree.find(4 * kPage - 1), &low);
    EXPECT_EQ(space.tree.find(4 * kPage), &high);
    EXPECT_EQ(space.tree.find(7 * kPage - 1), &high);
    EXPECT_EQ(space.tree.find(7 * kPage), nullptr);
    EXPECT_TRUE(space.tree.overlaps(0, 2 * kPage + 1));
    EXPECT_FALSE(space.tree.overlaps(0, 2 * kPage));
    EXPECT_FALSE(space.tree.overlaps(4 * kPage, 6 * kPage));
    EXPECT_EQ(space.tree.bytes(), 3 * kPage);
}

TEST(VmaTree, SplitLeavesEveryAddressItsByteOfTheSource) {
    auto pages = lib::adopt_ref<mm::PageSource>(new mm::SamplePages);
    Vma lower, upper;
    Space space;
    lower.source = pages;
    lower.offset = 11 * kPage;
    lower.protection = 5;
    lower.flags = Vma::kShared;
    space.map(lower, 10, 20);
    space.tree.split(lower, 13 * kPage, upper);
    EXPECT_EQ(lower.end, 13 * kPage);
    EXPECT_EQ(upper.begin, 13 * kPage);
    EXPECT_EQ(upper.end, 20 * kPage);
    EXPECT_EQ(upper.offset, 14 * kPage);
    EXPECT_EQ(upper.source, pages);
    EXPECT_EQ(upper.protection, 5);
    EXPECT_EQ(upper.flags, Vma::kShared);
    EXPECT_EQ(space.tree.merge(upper), nullptr);
    EXPECT_EQ(space.tree.merge(lower), &upper);
    EXPECT_EQ(lower.end, 20 * kPage);
    EXPECT_EQ(space.tree.count(), 1u);
}

TEST(VmaTree, OnlyNeighboursThatMeanTheSameAreMerged) {
    auto pages = lib::adopt_ref<mm::PageSource>(new mm::SamplePages);
    Vma left, right;
    const auto reset = [&] {
        left.begin = 1 * kPage, left.end = right.begin = 2 * kPage, right.end = 3 * kPage;
        left.protection = right.protection = 3;
        left.flags = right.flags = 0;
        left.source = right.source = pages;
        left.offset = 0, right.offset = kPage;
    };
    reset();
    EXPECT_TRUE(VmaTree::can_merge(left, right));
    right.offset = 2 * kPage;
    EXPECT_FALSE(VmaTree::can_merge(left, right));
    left.source = right.source = RefPtr<mm::PageSource>();  // without a source offsets mean nothing
    EXPECT_TRUE(VmaTree::can_merge(left, right));
    reset();
    right.begin += kPage;
    EXPECT_FALSE(VmaTree::can_merge(left, right));
    reset();
    right.protection = 1;
    EXPECT_FALSE(VmaTree::can_merge(left, right));
    reset();
    right.flags = Vma::kShared;
    EXPECT_FALSE(VmaTree::can_merge(left, right));
    reset();
    right.source = lib::adopt_ref<mm::PageSource>(new mm::SamplePages);
    EXPECT_FALSE(VmaTree::can_merge(left, right));
}

TEST(VmaTree, HighestGapIsFoundAndStacksKeepTheirsFree) {
    Vma low, middle, stack;
    Space space;
    space.map(low, 10, 20);
    space.map(middle, 30, 40);
    EXPECT_EQ(*space.tree.find_gap(kPage, 0, 1000 * kPage), 999 * kPage);
    EXPECT_EQ(*space.tree.find_gap(10 * kPage, 0, 40 * kPage), 20 * kPage);
    EXPECT_EQ(*space.tree.find_gap(10 * kPage, 0, 29 * kPage), 0 * kPage);
    EXPECT_EQ(*space.tree.find_gap(9 * kPage, 0, 29 * kPage), 20 * kPage);
    EXPECT_EQ(space.tree.find_gap(11 * kPage, 1, 40 * kPage).error(), Errno{ENOMEM});
    EXPECT_EQ(space.tree.find_gap(10 * kPage, kPage, 20 * kPage).error(), Errno{ENOMEM});
    stack.flags = Vma::kGrowsDown;
    space.map(stack, 400, 500);
    const uint64_t gap_end = 400 * kPage - VmaTree::kStackGap;
    EXPECT_EQ(*space.tree.find_gap(kPage, 0, 500 * kPage), gap_end - kPage);
}

TEST(VmaTree, RandomOperationsKeepToAModelOfTheAddressSpace) {
    for (uint64_t seed = 1; seed <= 30; seed++) {
        lib::Random random(seed);
        std::vector<uint8_t> bytes(4 * 300);
        for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random.next());
        mm::VmaTreeSample().run(bytes);
    }
}

TEST(VmaTreeDeathTest, OverlapIsCaught) {
    Vma vma, overlapping;
    Space space;
    space.map(vma, 10, 20);
    EXPECT_EXIT(space.map(overlapping, 19, 21), testing::ExitedWithCode(127), "end <= vma.begin");
}

}  // namespace
