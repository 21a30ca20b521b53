// Contract: fs/console_file.h. A terminal with fixed settings: canonical input with echo.
#include "fs/console_file.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <asm/termios.h>
#include <linux/fcntl.h>

#include "dev/console.h"
#include "fs/line_input.h"
#include "mm/user_memory.h"
#include "sync/spinlock.h"

namespace fs {

namespace {

constexpr size_t kPiece = 512;

sync::SpinLock line_lock{sync::LockRank::kFiles};
constinit LineInput line GUARDED_BY(line_lock){};

// Effect: goes on with the line that is being typed; true if it is complete.
bool continue_line() {
    sync::SpinGuard guard(line_lock);
    char byte;
    while (!line.is_complete() && dev::take_console_input(byte)) {
        dev::console_write(line.type(byte));
    }
    return line.is_complete();
}

size_t take_from_line(std::span<uint8_t> to) {
    sync::SpinGuard guard(line_lock);
    return line.is_complete() ? line.take(to) : 0;
}

// What stty(1) shows of it. Output: newline is sent as carriage return, newline (uart.cc).
struct termios settings() {
    struct termios result = {};
    result.c_iflag = ICRNL;
    result.c_oflag = OPOST | ONLCR;
    result.c_cflag = CREAD | CS8 | B115200;
    result.c_lflag = ICANON | ECHO | ECHOE | ECHOK;
    result.c_cc[VERASE] = LineKeys::kErase;
    result.c_cc[VKILL] = LineKeys::kKill;
    result.c_cc[VEOF] = LineKeys::kEndOfFile;
    result.c_cc[VMIN] = 1;
    return result;
}

}  // namespace

Result<size_t> ConsoleFile::read(mm::IoBuffer& to, uint64_t) {
    if (to.left() == 0) return 0;
    while (!continue_line()) {
        if ((flags() & O_NONBLOCK) != 0) return Errno{EAGAIN};
        dev::wait_for_console_input();
    }
    size_t done = 0;
    while (to.left() != 0) {
        uint8_t piece[kPiece];
        const size_t wanted = to.left() < kPiece ? to.left() : kPiece;
        const size_t count = take_from_line({piece, wanted});
        const size_t moved = to.put({piece, count});
        done += moved;
        if (moved < count) return mm::moved_or(done, EFAULT);
        if (count < wanted) break;  // the end of the line
    }
    return done;
}

Result<size_t> ConsoleFile::write(mm::IoBuffer& from, uint64_t) {
    size_t done = 0;
    while (from.left() != 0) {
        uint8_t piece[kPiece];
        const size_t wanted = from.left() < kPiece ? from.left() : kPiece;
        const size_t count = from.get({piece, wanted});
        if (count != 0) dev::console_write({reinterpret_cast<const char*>(piece), count});
        done += count;
        if (count < wanted) return mm::moved_or(done, EFAULT);
    }
    return done;
}

Result<long> ConsoleFile::control(unsigned request, uint64_t argument) {
    switch (request) {
        case TCGETS: TRY(mm::UserPtr<struct termios>(argument).write(settings())); return 0;
        // As Linux's serial ports, which nobody has told: no rows, no columns.
        case TIOCGWINSZ: TRY(mm::UserPtr<winsize>(argument).write({})); return 0;
        default: return Errno{ENOTTY};
    }
}

}  // namespace fs
