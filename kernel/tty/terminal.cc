// Contract: tty/terminal.h.
#include "tty/terminal.h"

#include "core/clock.h"
#include "lib/restart.h"

namespace tty {

namespace {

using sync::SpinGuard;
using sync::Woken;

constexpr size_t kPiece = 512;  // moved at once: the program's memory may sleep, the lock may not
constexpr uint64_t kTimeUnit_ns = 100'000'000;  // of VTIME

}  // namespace

void Terminal::type(char byte) {
    {
        SpinGuard guard(lock_);
        input_.type(byte);
    }
    if (has_input()) typed_.wake_all();
}

Result<size_t> Terminal::read(mm::IoBuffer& to, Waiting waiting) {
    if (to.left() == 0) return 0;
    sync::MutexGuard guard(reading_);
    TRY(wait_for_input(to.left(), waiting, guard));
    size_t done = 0;
    for (bool is_all = false; !is_all && to.left() != 0;) {
        uint8_t piece[kPiece];
        const TerminalInput::Taken taken = take({piece, to.left() < kPiece ? to.left() : kPiece});
        const size_t moved = to.put({piece, taken.count});
        done += moved;
        if (moved < taken.count) return mm::moved_or(done, EFAULT);
        is_all = taken.is_all;
    }
    return done;
}

// termios(3), noncanonical mode. Without VTIME the read waits for VMIN bytes; with it, the clock runs from
// the first byte on and anew from each, or from now on if VMIN is 0. Fewer bytes will do when it is over.
Result<void> Terminal::wait_for_input(size_t wanted, Waiting waiting, sync::MutexGuard& guard) {
    const struct termios mode = settings();
    const bool is_canonical = (mode.c_lflag & ICANON) != 0;
    const size_t most = is_canonical ? 1 : mode.c_cc[VMIN];
    const uint64_t patience_ns = is_canonical ? 0 : mode.c_cc[VTIME] * kTimeUnit_ns;
    size_t least = most < wanted ? most : wanted;
    if (least == 0) least = 1;

    if (is_ready(least) || (waiting == Waiting::kNever && has_input())) return {};
    if (waiting == Waiting::kNever && most != 0) return Errno{EAGAIN};
    const size_t first = patience_ns == 0 ? least : 1;
    for (size_t count = first; count <= least; count++) {
        const bool has_begun = most == 0 || count != first;
        const uint64_t deadline = has_begun ? core::now_ns() + patience_ns : sync::kNoDeadline;
        const auto woken = typed_.wait_until(guard, sync::How::kInterruptible, deadline,
                                             [&] { return is_ready(count); });
        if (woken == Woken::kTimedOut) return {};
        if (woken == Woken::kInterrupted && !has_input()) return lib::kRestartIfAsked;
        if (woken == Woken::kInterrupted) return {};
    }
    return {};
}

// ---- under the lock --------------------------------------------------------------------------------

bool Terminal::is_ready(size_t least) const {
    SpinGuard guard(lock_);
    return input_.is_ready(least);
}

size_t Terminal::input_count() const {
    SpinGuard guard(lock_);
    return input_.count();
}

void Terminal::flush_input() {
    SpinGuard guard(lock_);
    input_.flush();
}

TerminalInput::Taken Terminal::take(std::span<uint8_t> to) {
    SpinGuard guard(lock_);
    return input_.take(to);
}

struct termios Terminal::settings() const {
    SpinGuard guard(lock_);
    return input_.settings();
}

// What has been typed may be ready now, in another mode.
void Terminal::set_settings(const struct termios& settings) {
    {
        SpinGuard guard(lock_);
        input_.set_settings(settings);
    }
    typed_.wake_all();
}

winsize Terminal::window_size() const {
    SpinGuard guard(lock_);
    return window_size_;
}

void Terminal::set_window_size(const winsize& size) {
    SpinGuard guard(lock_);
    window_size_ = size;
}

}  // namespace tty
