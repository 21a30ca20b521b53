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

void (*console_reader)(char byte) = nullptr;

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

void set_console_reader(void (*reader)(char byte)) { console_reader = reader; }

void handle_console_input() {
    char byte;
    while (uart_read(byte)) {
        if (byte == kCtrlT) {
            sched::request_status_report();
        } else if (console_reader != nullptr) {
            console_reader(byte);
        }
    }
}

}  // namespace dev
