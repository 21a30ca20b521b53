#include "tty/line_discipline.h"

#include <gtest/gtest.h>

#include <string>

#include "lib/sample.h"

namespace tty {
namespace {

std::string echoed;

class Typing : public testing::Test {
protected:
    Typing() { echoed.clear(); }

    // What is echoed.
    std::string type(std::string_view keys) {
        echoed.clear();
        for (const char key : keys) input_.type(key);
        return echoed;
    }
    std::string take(size_t most = 100) {
        EXPECT_TRUE(input_.is_ready(1));
        std::string text(most, '?');
        const auto taken = input_.take({reinterpret_cast<uint8_t*>(text.data()), most});
        is_all_ = taken.is_all;
        text.resize(taken.count);
        return text;
    }
    void set_local(unsigned flags) {
        struct termios settings = input_.settings();
        settings.c_lflag = flags;
        input_.set_settings(settings);
    }
    static constexpr unsigned kCanonical = ICANON | ECHO | ECHOE;

    TerminalInput input_{[](lib::Text text) { echoed += lib::as_string(text); }};
    bool is_all_ = false;
};

TEST_F(Typing, ReturnEndsTheLine) {
    EXPECT_EQ(type("cat\r"), "cat\n");
    EXPECT_EQ(take(), "cat\n");
    EXPECT_FALSE(input_.is_ready(1));
    EXPECT_EQ(type("\n"), "\n");
    EXPECT_EQ(take(), "\n");
}

TEST_F(Typing, LineIsReadOnlyWhole) {
    type("cat");
    EXPECT_FALSE(input_.is_ready(1));
    EXPECT_EQ(input_.count(), 0u);
    type("\r");
    EXPECT_EQ(input_.count(), 4u);
}

TEST_F(Typing, LinesWaitOneBehindTheOther) {
    type("one\rtwo\rthr");
    EXPECT_EQ(take(), "one\n");
    EXPECT_EQ(take(), "two\n");
    EXPECT_FALSE(input_.is_ready(1));
    type("ee\r");
    EXPECT_EQ(take(), "three\n");
}

TEST_F(Typing, LineIsTakenInPieces) {
    type("abcdef\n");
    EXPECT_EQ(take(3), "abc");
    EXPECT_FALSE(is_all_);
    EXPECT_EQ(take(3), "def");
    EXPECT_EQ(take(3), "\n");
    EXPECT_TRUE(is_all_);
    EXPECT_FALSE(input_.is_ready(1));
}

TEST_F(Typing, EraseStopsAtTheBeginningOfTheLine) {
    EXPECT_EQ(type("x\n"), "x\n");
    EXPECT_EQ(type("ab\x7f\x7f\x7f"
                   "c\n"),
              "ab\b \b\b \bc\n");
    EXPECT_EQ(take(), "x\n");
    EXPECT_EQ(take(), "c\n");
}

TEST_F(Typing, ControlCharactersTakeTwoPlaces) {
    EXPECT_EQ(type("\x01\x7f"), "^A\b \b\b \b");
    EXPECT_EQ(type("\t\x7f"), "\t\b \b");
}

TEST_F(Typing, KillErasesTheLine) {
    EXPECT_EQ(type("abc\x15x\n"), "abc\b \b\b \b\b \bx\n");
    EXPECT_EQ(take(), "x\n");
    set_local(kCanonical | ECHOK | ECHOCTL);
    EXPECT_EQ(type("abc\x15x\n"), "abc^U\nx\n");
    EXPECT_EQ(take(), "x\n");
}

TEST_F(Typing, WordEraseTakesTheLastWord) {
    type("echo one-two  \x17three\n");
    EXPECT_EQ(take(), "echo one-three\n");
    type("a\x17\x17\x17\n");
    EXPECT_EQ(take(), "\n");
}

TEST_F(Typing, EndOfFileEndsWithoutANewline) {
    EXPECT_EQ(type("\x04"), "");
    EXPECT_EQ(take(), "");
    type("ab\x04");
    EXPECT_EQ(input_.count(), 2u);
    EXPECT_EQ(take(), "ab");
    EXPECT_FALSE(input_.is_ready(1));
}

TEST_F(Typing, EndOfFileBehindWhatIsTakenGoesWithIt) {
    type("ab\x04");
    EXPECT_EQ(take(2), "ab");
    EXPECT_TRUE(is_all_);
    EXPECT_FALSE(input_.is_ready(1));
}

TEST_F(Typing, KeysCanBeTurnedOff) {
    struct termios settings = input_.settings();
    settings.c_cc[VEOF] = 0;
    settings.c_iflag = 0;
    settings.c_lflag = ICANON;
    input_.set_settings(settings);
    EXPECT_EQ(type(std::string("a\x04\0\r\n", 5)), "");
    EXPECT_EQ(take(), std::string("a\x04\0\r\n", 5));
}

TEST_F(Typing, LineThatIsTooLongKeepsItsEnd) {
    type(std::string(TerminalInput::kCapacity + 100, 'x') + "\n");
    EXPECT_EQ(take(10000), std::string(TerminalInput::kCapacity - 1, 'x') + "\n");
    type("y\n");
    EXPECT_EQ(take(), "y\n");
}

TEST_F(Typing, RawBytesAreReadAsTheyCome) {
    set_local(0);
    EXPECT_EQ(type("a\x7f\x04"), "");
    EXPECT_TRUE(input_.is_ready(3));
    EXPECT_FALSE(input_.is_ready(4));
    EXPECT_EQ(input_.count(), 3u);
    EXPECT_EQ(take(), "a\x7f\x04");
    EXPECT_TRUE(is_all_);
}

TEST_F(Typing, WhatWasTypedOutlivesAChangeOfMode) {
    type("ab");
    set_local(0);
    EXPECT_TRUE(input_.is_ready(2));
    type("c");
    set_local(kCanonical);
    type("d\n");
    EXPECT_EQ(take(), "abc");
    EXPECT_EQ(take(), "d\n");
}

TEST_F(Typing, FlushForgetsEverything) {
    type("one\rtw");
    input_.flush();
    EXPECT_FALSE(input_.is_ready(1));
    type("x\r");
    EXPECT_EQ(take(), "x\n");
}

}  // namespace
}  // namespace tty
