// checked.h, strong_id.h, text.h and byte_reader.h.
#include <gtest/gtest.h>

#include "lib/byte_reader.h"
#include "lib/checked.h"
#include "lib/sample.h"
#include "lib/strong_id.h"

namespace {

TEST(Checked, OverflowIsAnError) {
    EXPECT_EQ(lib::checked_add(UINT64_MAX - 1, 1).value(), UINT64_MAX);
    EXPECT_EQ(lib::checked_add(UINT64_MAX, 1).error(), Errno{EOVERFLOW});
    EXPECT_EQ(lib::checked_multiply<std::int32_t>(1 << 30, 2).error(), Errno{EOVERFLOW});
    EXPECT_EQ(lib::checked_multiply<std::int32_t>(-5, 3).value(), -15);
}

TEST(Checked, AlignmentRoundsToMultiplesOfAPowerOfTwo) {
    EXPECT_EQ(lib::align_up(0x1001UL, 0x1000).value(), 0x2000UL);
    EXPECT_EQ(lib::align_up(0x1000UL, 0x1000).value(), 0x1000UL);
    EXPECT_EQ(lib::align_up(UINT64_MAX, 0x1000).error(), Errno{EOVERFLOW});
    EXPECT_EQ(lib::align_down(0x1fffUL, 0x1000), 0x1000UL);
    EXPECT_TRUE(lib::is_aligned(0x3000U, 0x1000));
    EXPECT_FALSE(lib::is_aligned(0x3008U, 0x1000));
}

TEST(StrongId, ComparesLikeItsNumber) {
    EXPECT_EQ(Pid{7}, Pid{7});
    EXPECT_LT(Tid{1}, Tid{2});
    EXPECT_EQ(Fd{2}.value(), 2);
    EXPECT_FALSE((std::is_convertible_v<Pid, Tid>));
    EXPECT_FALSE((std::is_convertible_v<int, Fd>));
}

TEST(Text, PiecesStayInside) {
    const lib::Text text = "console";
    EXPECT_EQ(text.first(3), "con");
    EXPECT_EQ(text.first(99), text);
    EXPECT_EQ(text.without_first(3), "sole");
    EXPECT_TRUE(text.without_first(99).empty());
    EXPECT_TRUE(text.starts_with("cons"));
    EXPECT_FALSE(text.starts_with("console0"));
    EXPECT_EQ(text.find('z'), text.size());
}

TEST(Text, TakesWhatStandsBeforeASeparator) {
    lib::Text rest = "a,,b";
    EXPECT_EQ(rest.take_until(','), "a");
    EXPECT_EQ(rest.take_until(','), "");
    EXPECT_EQ(rest.take_until(','), "b");
    EXPECT_TRUE(rest.empty());
}

TEST(ByteReader, ReadsNumbersWithTheirFirstByteOnTop) {
    lib::Blob blob;
    lib::append(blob, "\x12\x34\x56\x78\x9a\xbc");
    lib::ByteReader reader(blob);
    EXPECT_EQ(reader.big_endian<std::uint32_t>().value(), 0x12345678U);
    EXPECT_EQ(reader.big_endian<std::uint32_t>().error(), Errno{EINVAL});
    EXPECT_EQ(reader.remaining(), 2U);
    EXPECT_EQ(reader.big_endian<std::uint16_t>().value(), 0x9abc);
}

TEST(ByteReader, TextNeedsItsNul) {
    lib::Blob blob;
    lib::append(blob, std::string_view("ab\0cd", 5));
    lib::ByteReader reader(blob);
    EXPECT_EQ(reader.terminated_text().value(), "ab");
    EXPECT_EQ(reader.terminated_text().error(), Errno{EINVAL});
    EXPECT_EQ(reader.offset(), 3U);
}

TEST(ByteReader, SizesThatWrapAroundAreErrors) {
    const lib::Blob blob(16);
    EXPECT_EQ(lib::slice(blob, 8, UINT64_MAX - 4).error(), Errno{EINVAL});
    EXPECT_EQ(lib::slice(blob, UINT64_MAX, 1).error(), Errno{EINVAL});
    EXPECT_EQ(lib::slice(blob, 16, 0).value().size(), 0U);
    EXPECT_EQ(lib::object_at<std::uint64_t>(blob, 9).error(), Errno{EINVAL});
    EXPECT_EQ(lib::object_at<std::uint64_t>(blob, 7).value(), 0U);
}

TEST(ByteReader, AlignmentBehindTheEndIsAnError) {
    const lib::Blob blob(6);
    lib::ByteReader reader(blob);
    EXPECT_TRUE(reader.bytes(1));
    EXPECT_TRUE(reader.align(4));
    EXPECT_EQ(reader.offset(), 4U);
    EXPECT_TRUE(reader.align(4));
    EXPECT_TRUE(reader.bytes(1));
    EXPECT_EQ(reader.align(4).error(), Errno{EINVAL});
}

}  // namespace
