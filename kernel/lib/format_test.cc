#include "lib/format.h"

#include <gtest/gtest.h>

#include <climits>
#include <string>
#include <string_view>

#include "lib/assert.h"
#include "lib/todo.h"

namespace {

template <typename... Arguments>
std::string formatted(lib::FormatString<std::type_identity_t<Arguments>...> format,
                      const Arguments&... arguments) {
    char buffer[200];
    lib::BufferSink sink(buffer);
    lib::format_to(sink, format, arguments...);
    EXPECT_FALSE(sink.truncated());
    return {sink.text().data(), sink.text().size()};
}

TEST(Format, IntegersShowAllTheirRange) {
    EXPECT_EQ(formatted("{} {} {}", 0, INT64_MIN, UINT64_MAX),
              "0 -9223372036854775808 18446744073709551615");
    EXPECT_EQ(formatted("{:x} {:x}", INT64_MIN, UINT64_MAX), "-8000000000000000 ffffffffffffffff");
    EXPECT_EQ(formatted("{} {}", static_cast<signed char>(-1), static_cast<unsigned char>(200)),
              "-1 200");
}

TEST(Format, WidthFillsWithBlanksOrZerosBehindTheSign) {
    EXPECT_EQ(formatted("[{:5}.{:06}]", 12, 345), "[   12.000345]");
    EXPECT_EQ(formatted("{:016x}", 0xabcU), "0000000000000abc");
    EXPECT_EQ(formatted("{:#06x}|{:<6}|{:06}|{:3}", 0x1f, -7, -7, 12345),
              "0x001f|-7    |-00007|12345");
}

TEST(Format, TextStandsLeftUnlessTold) {
    EXPECT_EQ(formatted("{:5}|{:>5}|{:<3}|{}", "ab", std::string_view("cd"), "efgh", ""),
              "ab   |   cd|efgh|");
    const char* nothing = nullptr;
    EXPECT_EQ(formatted("{}", nothing), "(null)");
}

TEST(Format, CharactersBoolsAndPointersShowWhatTheyAre) {
    EXPECT_EQ(formatted("{} {:d} {:c} {} {:d}", 'x', 'x', 65, true, false), "x 120 A true 0");
    EXPECT_EQ(formatted("{} {} {:>6}", reinterpret_cast<int*>(0xbeef), nullptr,
                        reinterpret_cast<void*>(1)),
              "0xbeef 0x0    0x1");
}

TEST(Format, DoubledBracesStandForThemselves) { EXPECT_EQ(formatted("{{}} {{{}}}", 1), "{} {1}"); }

TEST(Format, BufferKeepsWhatFits) {
    char buffer[5];
    lib::BufferSink sink(buffer);
    lib::format_to(sink, "{}", 1234567);
    EXPECT_TRUE(sink.truncated());
    EXPECT_EQ(std::string(sink.text().data(), sink.text().size()), "12345");
}

TEST(PanicDeathTest, MessageIsFormattedAndEndsTheRun) {
    EXPECT_EXIT(PANIC("page {:#x} twice", 0x1000), testing::ExitedWithCode(127),
                "PANIC: page 0x1000 twice \\(.*format_test.cc:.*\nPANIC: end");
    EXPECT_EXIT(ASSERT(1 + 1 == 3), testing::ExitedWithCode(127), "assertion failed: 1 \\+ 1 == 3");
    EXPECT_EXIT(UNREACHABLE(), testing::ExitedWithCode(127), "reached");
}

long open_room(long argument) { return todo("traps.4", argument); }

void open_void_room() { todo("traps.5"); }

TEST(TodoDeathTest, OpenRoomNamesItselfAndItsPlace) {
    EXPECT_EXIT(open_room(1), testing::ExitedWithCode(121),
                "ROOM traps.4 is open: .*format_test.cc:[0-9]+");
    EXPECT_EXIT(open_void_room(), testing::ExitedWithCode(121), "ROOM traps.5 is open");
}

}  // namespace
