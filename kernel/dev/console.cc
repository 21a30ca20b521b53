// Contract: dev/console.h.
#include "dev/console.h"

#include "core/log.h"
#include "dev/uart.h"
#include "sched/door.h"
#include "sync/spinlock.h"

namespace dev {

namespace {

constexpr char kCtrlT = 0x14;  // what BSD's terminals use to ask for a status line

sync::SpinLock console_lock{sync::LockRank::kConsole};

// Positions in a ring; they only grow.
sync::SpinLock typed_lock{sync::LockRank::kConsoleInput};
char typed[kMostTyped] GUARDED_BY(typed_lock);
size_t typed_end GUARDED_BY(typed_lock) = 0;
size_t taken GUARDED_BY(typed_lock) = 0;

void (*console_listener)() = nullptr;

bool has_typed() {
    sync::InterruptSpinGuard guard(typed_lock);
    return typed_end != taken;
}

void keep_typed(char byte) {
    sync::InterruptSpinGuard guard(typed_lock);
    if (typed_end - taken == kMostTyped) return;
    typed[typed_end++ % kMostTyped] = byte;
}

}  // namespace

void init_console() { core::set_log_output(console_write); }

void console_write(std::span<const char> text) {
    sync::InterruptSpinGuard guard(console_lock);
    uart_write(text);
}

void console_write_raw(std::span<const char> text) {
    sync::InterruptSpinGuard guard(console_lock);
    uart_write_raw(text);
}

void set_console_listener(void (*listener)()) {
    const arch::InterruptGuard interrupts;
    console_listener = listener;
    if (has_typed()) listener();
}

size_t take_typed(std::span<char> to) {
    sync::InterruptSpinGuard guard(typed_lock);
    size_t count = 0;
    while (count < to.size() && taken != typed_end) to[count++] = typed[taken++ % kMostTyped];
    return count;
}

void handle_console_input() {
    char byte;
    while (uart_read(byte)) {
        byte == kCtrlT ? sched::request_status_report() : keep_typed(byte);
    }
    if (console_listener != nullptr && has_typed()) console_listener();
}

}  // namespace dev
