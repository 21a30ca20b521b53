// The console: the serial port, one writer at a time. What is typed waits until somebody takes it;
// Ctrl-T does not wait: it asks for a report on the running program.
#pragma once
#include <cstdint>
#include <span>

namespace dev {

// Effect: takes over the output of the log. Context: boot, after init_uart.
void init_console();

// Effect: writes text whole: another CPU's text comes before or behind it. Context: any; takes the
// console lock.
void console_write(std::span<const char> text);

// Effect: keeps what was typed, or drops it if nobody has taken any for long. Context: interrupt.
void handle_console_input();

// Effect: the first of the bytes that were typed, as the keyboard sent it; false if there is none.
// Context: any; takes the console-input lock.
bool take_console_input(char& byte);

// Effect: returns when something was typed, or for no reason. Context: may sleep, interrupts on.
void wait_for_console_input();

}  // namespace dev
