// x86_64: the registers of an old device are I/O ports. Contract: arch/device_registers.h.
#pragma once
#include <cstdint>

namespace arch {

inline void write_port(uint16_t port, uint8_t value) {
    asm volatile("outb %0, %1" ::"a"(value), "Nd"(port));
}

inline uint8_t read_port(uint16_t port) {
    uint8_t value;
    asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

class DeviceRegisters {
public:
    constexpr explicit DeviceRegisters(uint64_t first_port)
        : first_{static_cast<uint16_t>(first_port)} {}
    uint8_t read(unsigned index) const { return read_port(static_cast<uint16_t>(first_ + index)); }
    void write(unsigned index, uint8_t value) const {
        write_port(static_cast<uint16_t>(first_ + index), value);
    }

private:
    uint16_t first_;
};

}  // namespace arch
