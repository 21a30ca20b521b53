// The console: the serial port, one writer at a time. Input has no reader at this step, but Ctrl-T
// asks for a report on the running program.
#pragma once
#include <cstdint>
#include <span>

namespace dev {

// Effect: takes over the output of the log. Context: boot, after init_uart.
void init_console();

// Effect: writes text whole: another CPU's text comes before or behind it. Context: any; takes the
// console lock.
void console_write(std::span<const char> text);

// Effect: takes what was typed. Context: interrupt.
void handle_console_input();

}  // namespace dev
