// The console: the serial port, one writer at a time. What is typed goes to whoever keeps it (fs), but for
// Ctrl-T, which asks for a report on the running program.
#pragma once
#include <cstdint>
#include <span>

namespace dev {

// Effect: takes over the output of the log. Context: boot, after init_uart.
void init_console();

// Effect: writes text whole: another CPU's text comes before or behind it. Context: any; takes the
// console lock.
void console_write(std::span<const char> text);

// Effect: the same, with nothing before a newline: for programs that say themselves where a line begins.
void console_write_raw(std::span<const char> text);

// Effect: `reader` gets each byte that is typed from now on, as the keyboard sends it, from an interrupt.
// Until then they are dropped. Context: boot.
void set_console_reader(void (*reader)(char byte));

// Effect: takes what was typed from the serial port. Context: interrupt.
void handle_console_input();

}  // namespace dev
