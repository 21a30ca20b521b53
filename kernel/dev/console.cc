// Contract: dev/console.h.
#include "dev/console.h"

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/log.h"
#include "core/thread.h"
#include "dev/uart.h"
#include "sync/spinlock.h"

namespace dev {

namespace {

constexpr char kCtrlT = 0x14;  // what BSD's terminals use to ask for a status line

sync::SpinLock console_lock{sync::LockRank::kConsole};

void (*console_reader)(char byte) = nullptr;

// The program that runs, on whichever CPU it does.
void request_status() {
    for (unsigned i = 0; i < arch::cpu_count(); i++) {
        core::Thread* thread = arch::cpu_blocks[i].running;
        if (thread != nullptr && thread->process != nullptr)
            return thread->request(core::Work::kStatusReport);
    }
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

void set_console_reader(void (*reader)(char byte)) { console_reader = reader; }

void handle_console_input() {
    char byte;
    while (uart_read(byte)) {
        if (byte == kCtrlT) {
            request_status();
        } else if (console_reader != nullptr) {
            console_reader(byte);
        }
    }
}

}  // namespace dev
