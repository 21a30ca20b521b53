#include "fs/line_input.h"

#include <gtest/gtest.h>

#include <string>

#include "lib/sample.h"

namespace fs {
namespace {

class Typing : public testing::Test {
protected:
    // What is echoed.
    std::string type(std::string_view keys) {
        std::string echo;
        for (const char key : keys) {
            EXPECT_FALSE(line_.is_complete());
            echo += lib::as_string(line_.type(key));
        }
        return echo;
    }
    std::string take(size_t most = 100) {
        EXPECT_TRUE(line_.is_complete());
        std::string text(most, '?');
        text.resize(line_.take({reinterpret_cast<uint8_t*>(text.data()), most}));
        return text;
    }

    LineInput line_;
};

TEST_F(Typing, ReturnEndsTheLine) {
    EXPECT_EQ(type("cat\r"), "cat\n");
    EXPECT_EQ(take(), "cat\n");
    EXPECT_FALSE(line_.is_complete());
    EXPECT_EQ(type("\n"), "\n");
    EXPECT_EQ(take(), "\n");
}

TEST_F(Typing, LineIsTakenInPieces) {
    type("abcdef\n");
    EXPECT_EQ(take(3), "abc");
    EXPECT_EQ(take(3), "def");
    EXPECT_EQ(take(3), "\n");
    EXPECT_FALSE(line_.is_complete());
}

TEST_F(Typing, BackspaceErasesUpToTheBeginning) {
    EXPECT_EQ(type("ab\x7f\b\bc\n"), "ab\b \b\b \bc\n");
    EXPECT_EQ(take(), "c\n");
}

TEST_F(Typing, KillErasesTheLine) {
    type("abc\x15x\n");
    EXPECT_EQ(take(), "x\n");
}

TEST_F(Typing, EndOfFileEndsWithoutANewline) {
    type("\x04");
    EXPECT_EQ(take(), "");
    type("ab\x04");
    EXPECT_EQ(take(), "ab");
    EXPECT_FALSE(line_.is_complete());
}

TEST_F(Typing, LineThatIsTooLongKeepsItsEnd) {
    type(std::string(LineInput::kLongestLine + 100, 'x') + "\n");
    EXPECT_EQ(take(10000), std::string(LineInput::kLongestLine, 'x') + "\n");
}

}  // namespace
}  // namespace fs
