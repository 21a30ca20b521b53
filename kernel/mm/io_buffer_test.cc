#include "mm/io_buffer.h"

#include <gtest/gtest.h>

#include <string>

#include <cstring>

#include "fs/ram/memory_sample.h"

namespace mm {
namespace {

using fs::host::kUserBegin;
using fs::host::user_memory;

// Two pages of a program; pieces are described at their beginning.
class IoBuffers : public testing::Test {
protected:
    void SetUp() override { user_memory.assign(8192, 0); }
    void TearDown() override { user_memory.clear(); }

    // Effect: writes the array for readv; returns its length.
    size_t describe(std::vector<std::pair<uint64_t, size_t>> pieces) {
        std::vector<iovec> vector;
        for (const auto& [at, size] : pieces) {
            vector.push_back({reinterpret_cast<void*>(kUserBegin + at), size});
        }
        memcpy(user_memory.data(), vector.data(), vector.size() * sizeof(iovec));
        return vector.size();
    }
    Result<void> add(IoBuffer& buffer, std::vector<std::pair<uint64_t, size_t>> pieces) {
        return buffer.add_user_vector(UserAddr{kUserBegin}, describe(std::move(pieces)));
    }
    static size_t put(IoBuffer& buffer, std::string_view text) {
        return buffer.put({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
    }
    static std::string at(uint64_t offset, size_t size) {
        return {reinterpret_cast<const char*>(user_memory.data()) + offset, size};
    }
};

TEST_F(IoBuffers, PiecesAreFilledInTheirOrder) {
    IoBuffer buffer;
    MUST(add(buffer, {{4000, 3}, {5000, 0}, {6000, 4}, {0, 0}}));
    EXPECT_EQ(buffer.left(), 7U);
    EXPECT_EQ(put(buffer, "ab"), 2U);
    EXPECT_EQ(put(buffer, "cdefgh"), 5U);
    EXPECT_EQ(buffer.left(), 0U);
    EXPECT_EQ(put(buffer, "x"), 0U);
    EXPECT_EQ(at(4000, 4), std::string("abc\0", 4));
    EXPECT_EQ(at(6000, 4), "defg");
}

TEST_F(IoBuffers, BytesAreGottenFromAllPieces) {
    memcpy(&user_memory[4000], "hello", 5);
    IoBuffer buffer;
    MUST(add(buffer, {{4000, 2}, {4002, 1}, {4003, 2}}));
    uint8_t bytes[8];
    EXPECT_EQ(buffer.get(bytes), 5U);
    EXPECT_EQ(std::string(bytes, bytes + 5), "hello");
}

TEST_F(IoBuffers, ManyPiecesAreKeptOnTheHeap) {
    std::vector<std::pair<uint64_t, size_t>> pieces;
    for (uint64_t i = 0; i < 100; i++) pieces.emplace_back(4096 + i, 1);
    IoBuffer buffer;
    MUST(add(buffer, pieces));
    EXPECT_EQ(put(buffer, std::string(100, 'x')), 100U);
    EXPECT_EQ(at(4096, 101), std::string(100, 'x') + '\0');
    IoBuffer failing;
    fs::host::allocations_until_failure = 1;
    EXPECT_EQ(add(failing, pieces).error(), Errno{ENOMEM});
}

TEST_F(IoBuffers, EndOfMemoryIsSeenToTheByteOfThePage) {
    IoBuffer buffer;
    MUST(buffer.add_user(UserAddr{kUserBegin + 8190}, 10));
    EXPECT_EQ(put(buffer, "abcdefghij"), 2U);
    EXPECT_EQ(at(8190, 2), "ab");
    EXPECT_EQ(put(buffer, "c"), 0U);
}

TEST_F(IoBuffers, BadVectorsAreRefused) {
    IoBuffer buffer;
    EXPECT_EQ(buffer.add_user_vector(UserAddr{kUserBegin}, 1025).error(), Errno{EINVAL});
    EXPECT_EQ(buffer.add_user_vector(UserAddr{8}, 1).error(), Errno{EFAULT});
    EXPECT_EQ(add(buffer, {{0, ~size_t{0}}}).error(), Errno{EINVAL});
    EXPECT_EQ(add(buffer, {{arch::kUserEnd, 1}}).error(), Errno{EFAULT});
}

TEST_F(IoBuffers, MoreThanLinuxMovesAtOnceIsCut) {
    IoBuffer buffer;
    MUST(add(buffer, {{0, 0x70000000}, {0, 0x70000000}, {0, 5}}));
    EXPECT_EQ(buffer.left(), IoBuffer::kMostBytes);
    buffer.skip(~size_t{0});
    EXPECT_EQ(buffer.left(), 0U);
}

}  // namespace
}  // namespace mm
