// A line that is being typed at a terminal: echo, erase, end of file (termios(3), canonical mode).
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "lib/text.h"

namespace fs {

// The keys, which stty(1) shows: they stand in the terminal's c_cc.
struct LineKeys {
    static constexpr char kErase = 0x7f;      // backspace
    static constexpr char kEraseToo = '\b';   // what other keyboards send for it
    static constexpr char kKill = 0x15;       // ^U: the whole line
    static constexpr char kEndOfFile = 0x04;  // ^D
};

class LineInput {
public:
    static constexpr size_t kLongestLine = 4095;  // more is dropped, but for its end

    // Effect: takes one byte from the keyboard; returns what is to be echoed. Only while no line is
    // complete.
    lib::Text type(char byte);

    // Whether read(2) has something to return: a line with its newline, what stood before an end of
    // file, or the end of file itself (nothing).
    bool is_complete() const { return complete_; }

    // Effect: takes up to `to.size()` bytes of the complete line; returns how many. Once all are taken,
    // the next line begins.
    size_t take(std::span<uint8_t> to);

private:
    char line_[kLongestLine + 1] = {};
    size_t length_ = 0;
    size_t taken_ = 0;
    bool complete_ = false;
};

}  // namespace fs
