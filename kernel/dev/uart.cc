// Contract: dev/uart.h. Register numbers and bits: PC16550D data sheet, table "Summary of Registers".
#include "dev/uart.h"

#include "arch/cpu.h"
#include "arch/memory.h"

namespace dev {

namespace {

enum Register : unsigned { kData = 0, kInterruptEnable = 1, kFifoControl = 2, kLineStatus = 5 };
constexpr uint8_t kReceiveInterrupt = 0x01;
constexpr uint8_t kFifoOn = 0x01;
constexpr uint8_t kDataReady = 0x01;
constexpr uint8_t kTransmitEmpty = 0x20;

volatile uint8_t* registers = nullptr;

void send(char byte) {
    while ((registers[kLineStatus] & kTransmitEmpty) == 0) arch::pause_cpu();
    registers[kData] = static_cast<uint8_t>(byte);
}

}  // namespace

void init_uart(uint64_t physical_address) {
    registers = arch::direct_map<volatile uint8_t>(arch::PhysAddr{physical_address});
    registers[kInterruptEnable] = 0;
    registers[kFifoControl] = kFifoOn;
}

void uart_write(std::span<const char> text) {
    for (const char byte : text) {
        if (byte == '\n') send('\r');
        send(byte);
    }
}

void enable_uart_input() { registers[kInterruptEnable] = kReceiveInterrupt; }

bool uart_read(char& byte) {
    if ((registers[kLineStatus] & kDataReady) == 0) return false;
    byte = static_cast<char>(registers[kData]);
    return true;
}

}  // namespace dev
