// The console: the serial port, one writer at a time. Typed bytes wait here until the terminal (tty) takes
// them. Ctrl-T does not wait: it asks at once for a report on the running program.
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

// Effect: `listener` is called, from an interrupt, whenever there are bytes to take; at once if some were
// typed before. Context: boot.
void set_console_listener(void (*listener)());

// Effect: takes bytes that were typed, in their order, as the keyboard has sent them; how many. A byte that
// finds kMostTyped before it is dropped. Context: any.
inline constexpr size_t kMostTyped = 4096;
size_t take_typed(std::span<char> to);

// Effect: takes what was typed from the serial port. Context: interrupt.
void handle_console_input();

}  // namespace dev
