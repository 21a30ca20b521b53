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

// What was typed and not taken: a ring, whose indices only grow.
constexpr unsigned kTypedAhead = 1024;
sync::SpinLock input_lock{sync::LockRank::kConsoleInput};
char typed[kTypedAhead] GUARDED_BY(input_lock);
unsigned typed_count GUARDED_BY(input_lock) = 0;
unsigned taken_count GUARDED_BY(input_lock) = 0;

void keep_input(char byte) {
    sync::InterruptSpinGuard guard(input_lock);
    if (typed_count - taken_count == kTypedAhead) return;
    typed[typed_count++ % kTypedAhead] = byte;
}

bool has_input() {
    sync::InterruptSpinGuard guard(input_lock);
    return typed_count != taken_count;
}

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

void handle_console_input() {
    char byte;
    while (uart_read(byte)) {
        if (byte == kCtrlT) {
            request_status();
        } else {
            keep_input(byte);
        }
    }
}

bool take_console_input(char& byte) {
    sync::InterruptSpinGuard guard(input_lock);
    if (typed_count == taken_count) return false;
    byte = typed[taken_count++ % kTypedAhead];
    return true;
}

void wait_for_console_input() {
    // Interrupts are off from looking to sleeping, so that what comes in between wakes us.
    arch::InterruptGuard interrupts;
    if (!has_input()) arch::wait_for_interrupt();
}

}  // namespace dev
