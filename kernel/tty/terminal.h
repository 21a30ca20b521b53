// A terminal, of which there is one, the console: its settings, what is typed at it, and who waits for that.
#pragma once
#include <asm/termios.h>

#include "mm/io_buffer.h"
#include "sync/mutex.h"
#include "sync/wait_queue.h"
#include "tty/line_discipline.h"

namespace tty {

class Terminal {
public:
    explicit Terminal(TerminalInput::Echo echo) : input_(echo) {}

    // Effect: takes one byte from the keyboard. Context: a thread, no spinlock held.
    void type(char byte);

    // Effect: read(2): a line, or in raw mode what VMIN and VTIME of termios(3) ask for. EAGAIN: it would
    // wait; kRestartIfAsked, EFAULT. Context: may sleep.
    enum class Waiting : uint8_t { kNever, kAllowed };
    Result<size_t> read(mm::IoBuffer& to, Waiting waiting);

    bool has_input() const { return is_ready(1); }
    size_t input_count() const;
    void flush_input();
    sync::WaitQueue& input_queue() { return typed_; }

    struct termios settings() const;
    void set_settings(const struct termios& settings);

    winsize window_size() const;
    void set_window_size(const winsize& size);

private:
    bool is_ready(size_t least) const;
    Result<void> wait_for_input(size_t wanted, Waiting waiting, sync::MutexGuard& guard);
    TerminalInput::Taken take(std::span<uint8_t> to);

    sync::Mutex reading_;  // one read at a time: a line goes to one reader
    mutable sync::SpinLock lock_{sync::LockRank::kTerminal};
    TerminalInput input_ GUARDED_BY(lock_);
    winsize window_size_ GUARDED_BY(lock_) = {};
    sync::WaitQueue typed_;
};

}  // namespace tty
