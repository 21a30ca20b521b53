// The serial port: an NS16550 (data sheet PC16550D), polled for output, by interrupt for input.
#pragma once
#include <cstdint>
#include <span>

namespace dev {

// Effect: takes the device with these registers (arch/device_registers.h). Context: boot.
void init_uart(uint64_t serial_port);

// Effect: sends bytes, a newline as CR LF. Context: any; the caller keeps others away.
void uart_write(std::span<const char> text);
// Effect: the same, with a newline as it is.
void uart_write_raw(std::span<const char> text);

// Effect: from now on received bytes raise interrupts. Context: boot.
void enable_uart_input();

// Effect: one received byte, if there is one. Context: interrupt.
bool uart_read(char& byte);

}  // namespace dev
