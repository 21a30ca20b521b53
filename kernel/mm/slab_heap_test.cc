// The slabs of the heap, over pages of the host's; and the map of RAM, which boot makes of ranges.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <set>
#include <vector>

#include "lib/random.h"
#include "mm/poison.h"
#include "mm/ram_map.h"
#include "mm/slab_heap.h"

namespace {

// Freed memory that somebody still holds: whichever bit they set or clear, one of two frees shows it.
TEST(Poison, EverySingleBitThatIsWrittenIsSeen) {
    for (unsigned bit = 0; bit < 64; bit++) {
        for (const bool sets : {true, false}) {
            int seen = 0;
            for (int turn = 0; turn < 2; turn++) {
                uint64_t words[16];
                mm::poison(words, sizeof(words));
                ASSERT_EQ(mm::first_change(words, sizeof(words)), sizeof(words));
                sets ? words[5] |= uint64_t{1} << bit : words[5] &= ~(uint64_t{1} << bit);
                const size_t found = mm::first_change(words, sizeof(words));
                EXPECT_TRUE(found == sizeof(words) || found == 5 * sizeof(uint64_t));
                if (found != sizeof(words)) seen++;
            }
            EXPECT_EQ(seen, 1) << "bit " << bit;
        }
    }
}

constexpr size_t kPage = 4096;

class HostPages final : public mm::PageSupply {
public:
    ~HostPages() {
        for (const auto& [block, order] : orders_) std::free(block);
    }
    void* take(unsigned order) override {
        if (out_of_memory) return nullptr;
        void* block = std::aligned_alloc(kPage << order, kPage << order);
        orders_[block] = order;
        return block;
    }
    void give_back(void* block, unsigned order) override {
        EXPECT_EQ(orders_.at(block), order);
        orders_.erase(block);
        std::free(block);
    }
    unsigned order_of(void* block) override { return orders_.at(block); }
    size_t blocks() const { return orders_.size(); }

    bool out_of_memory = false;

private:
    std::map<void*, unsigned> orders_;
};

struct Heap {
    HostPages pages;
    mm::SlabHeap slabs{pages};
};

TEST(SlabHeap, ObjectsAreAlignedApartAndTheirPagesComeBack) {
    Heap heap;
    std::set<char*> objects;
    for (size_t bytes = 0; bytes <= 6000; bytes += 13) {
        auto* object = static_cast<char*>(heap.slabs.allocate(bytes));
        ASSERT_NE(object, nullptr);
        EXPECT_EQ(reinterpret_cast<uintptr_t>(object) % 16, 0u);
        memset(object, 0x5A, bytes);
        EXPECT_TRUE(objects.insert(object).second);
    }
    for (char* object : objects) heap.slabs.free(object);
    EXPECT_EQ(heap.pages.blocks(), 0u);
    EXPECT_EQ(heap.slabs.page_count(), 0u);
    EXPECT_EQ(heap.slabs.used_bytes(), 0u);
    heap.slabs.free(nullptr);
}

TEST(SlabHeap, ObjectsAreAlignedAsFarAsIsAskedFor) {
    Heap heap;
    for (const size_t alignment : {16u, 32u, 64u}) {
        for (size_t bytes = 1; bytes <= 5000; bytes += 13) {
            for (int i = 0; i < 3; i++) {
                auto* object = static_cast<char*>(heap.slabs.allocate(bytes, alignment));
                ASSERT_NE(object, nullptr);
                EXPECT_EQ(reinterpret_cast<uintptr_t>(object) % alignment, 0u);
            }
        }
    }
}

TEST(SlabHeap, SlabIsUsedToItsEndBeforeAnotherIsTaken) {
    Heap heap;
    std::vector<void*> objects;
    while (heap.pages.blocks() <= 1) objects.push_back(heap.slabs.allocate(96));
    EXPECT_EQ(objects.size(), 43u);  // 42 to a slab
    for (void* object : objects) heap.slabs.free(object);
    EXPECT_EQ(heap.pages.blocks(), 0u);
}

TEST(SlabHeap, NoMemoryIsNull) {
    Heap heap;
    EXPECT_NE(heap.slabs.allocate(100), nullptr);
    heap.pages.out_of_memory = true;
    EXPECT_NE(heap.slabs.allocate(100), nullptr);  // from the slab that there is
    EXPECT_EQ(heap.slabs.allocate(200), nullptr);
    EXPECT_EQ(heap.slabs.allocate(5000), nullptr);
    EXPECT_EQ(heap.slabs.allocate(size_t{1} << 40), nullptr);
    EXPECT_EQ(heap.slabs.allocate(~size_t{0}), nullptr);
}

TEST(SlabHeap, RandomObjectsKeepTheirBytes) {
    for (uint64_t seed = 1; seed <= 20; seed++) {
        lib::Random random(seed);
        Heap heap;
        std::vector<std::pair<char*, size_t>>
            objects;  // each is filled with the low byte of its size
        for (int step = 0; step < 3000 || !objects.empty(); step++) {
            if (step < 3000 && random.below(2) == 0) {
                const size_t bytes = random.below(random.below(8) == 0 ? 20'000 : 300);
                objects.emplace_back(static_cast<char*>(heap.slabs.allocate(bytes)), bytes);
                memset(objects.back().first, static_cast<int>(bytes), bytes);
            } else if (!objects.empty()) {
                std::swap(objects[random.below(objects.size())], objects.back());
                const auto [object, bytes] = objects.back();
                for (size_t i = 0; i < bytes; i++) {
                    ASSERT_EQ(object[i], static_cast<char>(bytes));
                }
                heap.slabs.free(object);
                objects.pop_back();
            }
        }
        ASSERT_EQ(heap.pages.blocks(), 0u);
        ASSERT_EQ(heap.slabs.used_bytes(), 0u);
    }
}

TEST(SlabHeapDeathTest, MistakesOfTheCallerAreCaught) {
    Heap heap;
    auto* object = static_cast<char*>(heap.slabs.allocate(64));
    auto* neighbour = static_cast<char*>(heap.slabs.allocate(64));
    const testing::ExitedWithCode panics(127);
    EXPECT_EXIT(heap.slabs.free(object + 16), panics, "never allocated");
    EXPECT_EXIT(heap.slabs.free(neighbour + 64), panics, "never allocated");
    heap.slabs.free(object);
    EXPECT_EXIT(heap.slabs.free(object), panics, "freed twice");
    object[20] = 1;
    EXPECT_EXIT(heap.slabs.allocate(64), panics, "after it was freed, first at its byte 16");
}

using Ranges = std::vector<mm::PhysRange>;

Ranges all_free(const Ranges& ram, const Ranges& reserved) {
    Ranges result;
    for (uint64_t from = 0;;) {
        const mm::PhysRange range = mm::next_free_range(ram, reserved, from);
        if (range.end == 0) return result;
        result.push_back(range);
        from = range.end;
    }
}

TEST(RamMap, WhatIsReservedIsLeftOutWithEveryFrameItTouches) {
    const Ranges free = all_free({{0x10'0000, 0x20'0800}},
                                 {{0x18'0000, 0x18'0000}, {0x18'0fff, 0x18'1001}, {0, 0x10'0001}});
    ASSERT_EQ(free.size(), 2u);
    EXPECT_EQ(free[0].begin, 0x10'1000u);
    EXPECT_EQ(free[0].end, 0x18'0000u);
    EXPECT_EQ(free[1].begin, 0x18'2000u);
    EXPECT_EQ(free[1].end, 0x20'0000u);
}

TEST(RamMap, NothingIsFreeWhereEverythingIsReserved) {
    EXPECT_TRUE(all_free({{0x1000, 0x9000}}, {{0x2000, 0x9000}, {0, 0x2000}}).empty());
    EXPECT_TRUE(all_free({{0x1001, 0x2fff}}, {}).empty());
    EXPECT_TRUE(all_free({}, {}).empty());
}

TEST(RamMap, RandomRangesAgreeWithALookAtEveryFrame) {
    for (uint64_t seed = 1; seed <= 200; seed++) {
        lib::Random random(seed);
        Ranges ram, reserved;
        for (Ranges* ranges : {&ram, &reserved}) {
            for (uint64_t n = random.below(5); n > 0; n--) {
                const uint64_t begin = random.below(64 * kPage);
                ranges->push_back({begin, begin + random.below(16 * kPage)});
            }
        }
        std::vector<bool> found(100);
        uint64_t last_end = 0;
        for (const mm::PhysRange& range : all_free(ram, reserved)) {
            ASSERT_TRUE(range.begin >= last_end && range.begin < range.end);
            ASSERT_EQ(range.begin % kPage + range.end % kPage, 0u);
            last_end = range.end;
            for (uint64_t at = range.begin; at < range.end; at += kPage) found[at / kPage] = true;
        }
        for (uint64_t page = 0; page < 100; page++) {
            const uint64_t begin = page * kPage, end = begin + kPage;
            bool expected = false;
            for (const auto& range : ram) expected |= range.begin <= begin && end <= range.end;
            for (const auto& range : reserved) {
                if (range.begin < range.end && range.begin < end && begin < range.end)
                    expected = false;
            }
            ASSERT_EQ(found[page], expected) << "seed " << seed << " page " << page;
        }
    }
}

}  // namespace
