// The kernel's own memcpy and friends, under other names than the host's.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <vector>

#define memcpy kernel_memcpy
#define memmove kernel_memmove
#define memset kernel_memset
#define memcmp kernel_memcmp
#define strlen kernel_strlen
#include "lib/string.cc"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef strlen

namespace {

using Memory = std::vector<unsigned char>;

Memory pattern(std::size_t size) {
    Memory memory(size);
    for (std::size_t index = 0; index < size; index++) {
        memory[index] = static_cast<unsigned char>(index * 37 + 11);
    }
    return memory;
}

// Every way in which the two sides can be aligned, and sizes around whole words.
template <typename Try>
void for_all_alignments(Try attempt) {
    for (std::size_t to = 0; to < 9; to++) {
        for (std::size_t from = 0; from < 9; from++) {
            for (std::size_t size = 0; size < 40; size++) {
                attempt(to, from, size);
            }
        }
    }
}

TEST(String, MemcpyCopiesJustWhatItIsTold) {
    for_all_alignments([](std::size_t to, std::size_t from, std::size_t size) {
        const Memory source = pattern(64);
        Memory target(64, 0xee);
        Memory expected = target;
        std::memcpy(expected.data() + to, source.data() + from, size);
        EXPECT_EQ(kernel_memcpy(target.data() + to, source.data() + from, size),
                  target.data() + to);
        ASSERT_EQ(target, expected) << to << ' ' << from << ' ' << size;
    });
}

TEST(String, MemmoveCopiesRightWhereBothSidesOverlap) {
    for_all_alignments([](std::size_t to, std::size_t from, std::size_t size) {
        Memory memory = pattern(64);
        Memory expected = memory;
        std::memmove(expected.data() + to, expected.data() + from, size);
        EXPECT_EQ(kernel_memmove(memory.data() + to, memory.data() + from, size),
                  memory.data() + to);
        ASSERT_EQ(memory, expected) << to << ' ' << from << ' ' << size;
    });
}

TEST(String, MemsetFillsJustWhatItIsTold) {
    for_all_alignments([](std::size_t to, std::size_t, std::size_t size) {
        Memory memory = pattern(64);
        Memory expected = memory;
        std::memset(expected.data() + to, 0x1a5, size);
        EXPECT_EQ(kernel_memset(memory.data() + to, 0x1a5, size), memory.data() + to);
        ASSERT_EQ(memory, expected) << to << ' ' << size;
    });
}

TEST(String, MemcmpComparesBytesWithoutSign) {
    EXPECT_EQ(kernel_memcmp("abc", "abd", 2), 0);
    EXPECT_LT(kernel_memcmp("abc", "abd", 3), 0);
    EXPECT_GT(kernel_memcmp("\xff", "\x01", 1), 0);
}

TEST(String, StrlenStopsAtTheNul) {
    EXPECT_EQ(kernel_strlen(""), 0U);
    EXPECT_EQ(kernel_strlen("seven"), 5U);
}

}  // namespace
