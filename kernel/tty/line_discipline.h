// What is typed at a terminal until a program reads it: echo, editing of the line, end of file (termios(3)).
// Keys that send signals (ISIG) are lab signals'.
//
//      taken_          line_          end_          positions in a ring; they only grow
//        │ whole lines   │ this one can be edited │
//
// In canonical mode only whole lines are read; otherwise everything is.
#pragma once
#include <asm/termbits.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "lib/text.h"

namespace tty {

class TerminalInput {
public:
    static constexpr size_t kCapacity = 4096;  // what is typed beyond it is dropped
    using Echo = void (*)(lib::Text);

    explicit TerminalInput(Echo echo) : echo_(echo) {}

    const struct termios& settings() const { return settings_; }
    // Effect: another way to treat what is typed; what has been typed stays.
    void set_settings(const struct termios& settings);

    // Effect: takes one byte from the keyboard, and echoes.
    void type(char typed);

    // Whether a read that wants `least` bytes, more than none, has them: in canonical mode any line or
    // end of file will do.
    bool is_ready(size_t least) const;

    // How many bytes a read could return (FIONREAD).
    size_t count() const;

    // Effect: what is typed is forgotten (tcflush(3)).
    void flush();

    // Effect: takes what one read may return, at most `to.size()` bytes. `is_all`: the read ends here,
    // with the line or with what there is.
    struct Taken {
        size_t count;
        bool is_all;
    };
    Taken take(std::span<uint8_t> to);

private:
    enum class Mark : uint8_t { kNone, kEndOfLine, kEndOfFile };

    bool has(unsigned local_flag) const { return (settings_.c_lflag & local_flag) != 0; }
    bool is_canonical() const { return has(ICANON); }
    bool is_key(uint8_t byte, unsigned which) const;
    bool edit(uint8_t byte);
    void erase_one();
    void erase_word();
    void erase_line();
    void put(uint8_t byte, Mark mark);
    void show(uint8_t byte);
    bool is_shown_as_two(uint8_t byte) const;
    void mark_all(Mark mark);

    const Echo echo_;
    struct termios settings_ = usual_settings();
    static struct termios usual_settings();

    uint8_t bytes_[kCapacity];
    Mark marks_[kCapacity] = {};
    size_t taken_ = 0;
    size_t line_ = 0;
    size_t end_ = 0;
};

}  // namespace tty
