// Texts that are kept in pieces come out whole, from any position; a lost piece is noticed.
#include "sync/sync_test.h"

#include "proc/text_file.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fs/ram/memory_sample.h"

namespace proc {

namespace {

std::string copy_from(const TextKeeper& keeper, uint64_t position, size_t size) {
    std::vector<uint8_t> bytes(size);
    mm::IoBuffer buffer;
    buffer.add_kernel(bytes);
    const auto copied = keeper.copy(buffer, position);
    return {reinterpret_cast<const char*>(bytes.data()), copied ? *copied : 0};
}

}  // namespace

TEST(TextKeeper, ALongTextIsWholeFromAnyPosition) {
    TextKeeper keeper;
    std::string text;
    for (unsigned i = 0; i < 3000; i++) {
        lib::format_to(keeper, "{} ", i);
        text += std::to_string(i) + " ";
    }
    ASSERT_TRUE(keeper.is_complete());
    EXPECT_EQ(copy_from(keeper, 0, 100000), text);
    for (size_t position : {size_t{1}, size_t{999}, size_t{1000}, size_t{1001}, size_t{5000}}) {
        EXPECT_EQ(copy_from(keeper, position, 1500), text.substr(position, 1500));
    }
    EXPECT_EQ(copy_from(keeper, text.size(), 10), "");
    EXPECT_EQ(copy_from(keeper, text.size() + 5000, 10), "");
}

TEST(TextKeeper, ALostPieceIsNoticed) {
    TextKeeper keeper;
    fs::host::allocations_until_failure = 2;
    for (unsigned i = 0; i < 1000; i++) lib::format_to(keeper, "{} ", i);
    fs::host::allocations_until_failure = 0;
    EXPECT_FALSE(keeper.is_complete());
}

TEST(ParseNumber, TakesWhatProgramsWrite) {
    EXPECT_EQ(*parse_number("400\n"), 400u);
    EXPECT_EQ(*parse_number("0x1f"), 31u);
    EXPECT_EQ(*parse_number("0"), 0u);
    for (const char* wrong : {"", "\n", "many", "1 2", "-1", "0x"}) {
        EXPECT_EQ(parse_number(wrong).error(), Errno{EINVAL}) << wrong;
    }
    EXPECT_EQ(parse_number("99999999999999").error(), Errno{ERANGE});
}

}  // namespace proc
