// Contract: tty/line_discipline.h.
#include "tty/line_discipline.h"

namespace tty {

namespace {

constexpr lib::Text kRubOut = "\b \b";
constexpr uint8_t kDelete = 0x7f;

constexpr uint8_t control_key(char letter) { return static_cast<uint8_t>(letter & 0x1f); }

bool is_control(uint8_t byte) { return byte < ' ' || byte == kDelete; }

bool is_of_word(uint8_t byte) {
    const auto letter = static_cast<uint8_t>(byte | 0x20);
    const bool is_letter = letter >= 'a' && letter <= 'z';
    return is_letter || (byte >= '0' && byte <= '9') || byte == '_' || byte >= 0x80;
}

}  // namespace

// As a serial port of Linux begins, but that no key sends a signal: lab signals turns ISIG on.
struct termios TerminalInput::usual_settings() {
    struct termios usual = {};
    usual.c_iflag = ICRNL | IXON;
    usual.c_oflag = OPOST | ONLCR;
    usual.c_cflag = CREAD | HUPCL | CLOCAL | CS8 | B115200;
    usual.c_lflag = ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN;
    usual.c_cc[VINTR] = control_key('C');
    usual.c_cc[VQUIT] = control_key('\\');
    usual.c_cc[VERASE] = kDelete;
    usual.c_cc[VKILL] = control_key('U');
    usual.c_cc[VEOF] = control_key('D');
    usual.c_cc[VMIN] = 1;
    usual.c_cc[VSTART] = control_key('Q');
    usual.c_cc[VSTOP] = control_key('S');
    usual.c_cc[VSUSP] = control_key('Z');
    usual.c_cc[VREPRINT] = control_key('R');
    usual.c_cc[VDISCARD] = control_key('O');
    usual.c_cc[VWERASE] = control_key('W');
    usual.c_cc[VLNEXT] = control_key('V');
    return usual;
}

// What was typed in the other mode: without lines it can be read at once; as a line it ends here.
void TerminalInput::set_settings(const struct termios& settings) {
    const bool was_canonical = is_canonical();
    settings_ = settings;
    if (is_canonical() == was_canonical) return;
    mark_all(Mark::kNone);
    line_ = end_;
    if (is_canonical() && end_ != taken_) marks_[(end_ - 1) % kCapacity] = Mark::kEndOfLine;
}

void TerminalInput::mark_all(Mark mark) {
    for (size_t at = taken_; at != end_; at++) marks_[at % kCapacity] = mark;
}

void TerminalInput::flush() { taken_ = line_ = end_; }

// ---- typing ----------------------------------------------------------------------------------------

// A key that is turned off is 0 (_POSIX_VDISABLE).
bool TerminalInput::is_key(uint8_t byte, unsigned which) const {
    return byte != 0 && byte == settings_.c_cc[which];
}

void TerminalInput::type(char typed) {
    auto byte = static_cast<uint8_t>(typed);
    if (byte == '\r') {
        if ((settings_.c_iflag & IGNCR) != 0) return;
        if ((settings_.c_iflag & ICRNL) != 0) byte = '\n';
    } else if (byte == '\n' && (settings_.c_iflag & INLCR) != 0) {
        byte = '\r';
    }
    if (!is_canonical()) {
        show(byte);
        put(byte, Mark::kNone);
        return;
    }
    if (edit(byte)) return;
    const bool ends_line = byte == '\n' || is_key(byte, VEOL) || is_key(byte, VEOL2);
    // The last place is kept for the end of a line that is too long.
    if (!ends_line && end_ - taken_ >= kCapacity - 1) return;
    show(byte);
    put(byte, ends_line ? Mark::kEndOfLine : Mark::kNone);
}

void TerminalInput::put(uint8_t byte, Mark mark) {
    if (end_ - taken_ == kCapacity) return;
    bytes_[end_ % kCapacity] = byte;
    marks_[end_ % kCapacity] = mark;
    end_++;
    if (mark != Mark::kNone || !is_canonical()) line_ = end_;
}

// Effect: does what an editing key asks for; false: it is none.
bool TerminalInput::edit(uint8_t byte) {
    if (is_key(byte, VERASE)) {
        erase_one();
    } else if (is_key(byte, VWERASE) && has(IEXTEN)) {
        erase_word();
    } else if (is_key(byte, VKILL)) {
        erase_line();
    } else if (is_key(byte, VEOF)) {
        put(0, Mark::kEndOfFile);
    } else {
        return false;
    }
    return true;
}

void TerminalInput::erase_one() {
    if (end_ == line_) return;
    end_--;
    if (!has(ECHO)) return;
    if (!has(ECHOE)) return show(settings_.c_cc[VERASE]);
    echo_(kRubOut);
    if (is_shown_as_two(bytes_[end_ % kCapacity])) echo_(kRubOut);
}

// What stands behind the last word, and then the word.
void TerminalInput::erase_word() {
    const auto last = [&] { return bytes_[(end_ - 1) % kCapacity]; };
    while (end_ != line_ && !is_of_word(last())) erase_one();
    while (end_ != line_ && is_of_word(last())) erase_one();
}

void TerminalInput::erase_line() {
    if (has(ECHOE) && has(ECHOKE)) {
        while (end_ != line_) erase_one();
        return;
    }
    end_ = line_;
    show(settings_.c_cc[VKILL]);
    if (has(ECHO) && has(ECHOK)) echo_("\n");
}

// ---- echo ------------------------------------------------------------------------------------------

bool TerminalInput::is_shown_as_two(uint8_t byte) const {
    return has(ECHOCTL) && is_control(byte) && byte != '\n' && byte != '\t';
}

// Control characters are shown as ^C, ^[ …
void TerminalInput::show(uint8_t byte) {
    const bool shows_newline = byte == '\n' && is_canonical() && has(ECHONL);
    if (!has(ECHO) && !shows_newline) return;
    if (is_shown_as_two(byte)) echo_("^");
    const auto shown = static_cast<char>(is_shown_as_two(byte) ? byte ^ 0x40 : byte);
    echo_({&shown, 1});
}

// ---- reading ---------------------------------------------------------------------------------------

bool TerminalInput::is_ready(size_t least) const {
    if (is_canonical()) return line_ != taken_;
    return end_ - taken_ >= least;
}

size_t TerminalInput::count() const {
    size_t result = 0;
    for (size_t at = taken_; at != line_; at++) {
        if (marks_[at % kCapacity] != Mark::kEndOfFile) result++;
    }
    return result;
}

TerminalInput::Taken TerminalInput::take(std::span<uint8_t> to) {
    size_t count = 0;
    while (taken_ != line_) {
        const Mark mark = marks_[taken_ % kCapacity];
        // Behind what fits an end of file is taken as well: it ends these bytes, not the next read.
        if (count == to.size() && mark != Mark::kEndOfFile) return {count, false};
        const uint8_t byte = bytes_[taken_++ % kCapacity];
        if (mark == Mark::kEndOfFile) return {count, true};
        to[count++] = byte;
        if (mark == Mark::kEndOfLine) return {count, true};
    }
    return {count, true};
}

}  // namespace tty
