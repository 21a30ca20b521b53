// Contract: dev/uart.h. Register numbers and bits: PC16550D data sheet, table "Summary of Registers".
#include "dev/uart.h"

#include "arch/cpu.h"
#include "arch/device_registers.h"

namespace dev {

namespace {

enum Register : unsigned { kData = 0, kInterruptEnable = 1, kFifoControl = 2, kLineStatus = 5 };
constexpr uint8_t kReceiveInterrupt = 0x01;
constexpr uint8_t kFifoOn = 0x01;
constexpr uint8_t kDataReady = 0x01;
constexpr uint8_t kTransmitEmpty = 0x20;

constinit arch::DeviceRegisters registers{0};

void send(char byte) {
    while ((registers.read(kLineStatus) & kTransmitEmpty) == 0) arch::pause_cpu();
    registers.write(kData, static_cast<uint8_t>(byte));
}

}  // namespace

void init_uart(uint64_t serial_port) {
    registers = arch::DeviceRegisters{serial_port};
    registers.write(kInterruptEnable, 0);
    registers.write(kFifoControl, kFifoOn);
}

void uart_write(std::span<const char> text) {
    for (const char byte : text) {
        if (byte == '\n') send('\r');
        send(byte);
    }
}

void uart_write_raw(std::span<const char> text) {
    for (const char byte : text) send(byte);
}

void enable_uart_input() { registers.write(kInterruptEnable, kReceiveInterrupt); }

bool uart_read(char& byte) {
    if ((registers.read(kLineStatus) & kDataReady) == 0) return false;
    byte = static_cast<char>(registers.read(kData));
    return true;
}

}  // namespace dev
