// Contract: tty/console_file.h. Requests of ioctl(2): tty_ioctl(4), as Linux numbers them.
#include "tty/console_file.h"

#include <asm/ioctls.h>
#include <asm/poll.h>
#include <linux/fcntl.h>

#include "dev/console.h"
#include "mm/user_memory.h"
#include "sched/door.h"
#include "tty/terminal.h"

namespace tty {

namespace {

constexpr size_t kPiece = 512;

void echo(lib::Text text) { dev::console_write(text); }

Terminal terminal{echo};

// Byte by byte: others may have their turns in between.
void feed_terminal() {
    char piece[64];
    for (;;) {
        const size_t count = dev::take_typed(piece);
        if (count == 0) return;
        for (const char byte : std::span(piece).first(count)) terminal.type(byte);
    }
}

// An interrupt may take none of the locks that a key needs: the line's, and those of processes if the key
// sends a signal.
constinit sched::Worker feeder{"terminal", feed_terminal};

// A newline becomes CR LF on its way, but for a program that has turned that off.
bool translates_newlines() {
    constexpr unsigned kBoth = OPOST | ONLCR;
    return (terminal.settings().c_oflag & kBoth) == kBoth;
}

Result<long> set_settings(mm::UserPtr<struct termios> wanted) {
    struct termios settings;
    TRY(wanted.read_into(settings));
    terminal.set_settings(settings);
    return 0;
}

Result<long> set_window_size(mm::UserPtr<winsize> wanted) {
    winsize size;
    TRY(wanted.read_into(size));
    terminal.set_window_size(size);
    return 0;
}

Result<long> flush(uint64_t which) {
    if (which > TCIOFLUSH) return Errno{EINVAL};
    if (which != TCOFLUSH) terminal.flush_input();  // output is on its way already
    return 0;
}

}  // namespace

Result<void> init_console_input() {
    TRY(feeder.prepare());
    dev::set_console_listener([] { feeder.set_to_work(); });
    return {};
}

Result<size_t> ConsoleFile::read(mm::IoBuffer& to, uint64_t) {
    const bool may_wait = (flags() & O_NONBLOCK) == 0;
    return terminal.read(to, may_wait ? Terminal::Waiting::kAllowed : Terminal::Waiting::kNever);
}

Result<size_t> ConsoleFile::write(mm::IoBuffer& from, uint64_t) {
    const auto write_piece = translates_newlines() ? dev::console_write : dev::console_write_raw;
    size_t done = 0;
    while (from.left() != 0) {
        uint8_t piece[kPiece];
        const size_t wanted = from.left() < kPiece ? from.left() : kPiece;
        const size_t count = from.get({piece, wanted});
        if (count != 0) write_piece({reinterpret_cast<const char*>(piece), count});
        done += count;
        if (count < wanted) return mm::moved_or(done, EFAULT);
    }
    return done;
}

unsigned ConsoleFile::events() {
    const unsigned readable = terminal.has_input() ? POLLIN | POLLRDNORM : 0;
    return readable | POLLOUT | POLLWRNORM;
}

fs::EventQueues ConsoleFile::event_queues() { return {&terminal.input_queue(), nullptr}; }

// All that is written is sent before write(2) returns: nobody needs to wait for it.
Result<long> ConsoleFile::control(unsigned request, uint64_t argument) {
    switch (request) {
        case TCGETS:
            TRY(mm::UserPtr<struct termios>(argument).write(terminal.settings()));
            return 0;
        case TCSETSF: terminal.flush_input(); [[fallthrough]];
        case TCSETSW:
        case TCSETS: return set_settings(mm::UserPtr<struct termios>(argument));
        case TCSBRK:
        case TCSBRKP: return 0;
        case TCFLSH: return flush(argument);
        // As Linux's serial ports, which nobody has told: no rows, no columns.
        case TIOCGWINSZ:
            TRY(mm::UserPtr<winsize>(argument).write(terminal.window_size()));
            return 0;
        case TIOCSWINSZ: return set_window_size(mm::UserPtr<winsize>(argument));
        case FIONREAD: {
            const auto count = static_cast<int>(terminal.input_count());
            TRY(mm::UserPtr<int>(argument).write(count));
            return 0;
        }
        case TIOCOUTQ: TRY(mm::UserPtr<int>(argument).write(0)); return 0;
        default: return Errno{ENOTTY};
    }
}

}  // namespace tty
