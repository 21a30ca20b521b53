// riscv64: all devices are in memory. Contract: arch/device_registers.h.
#pragma once
#include <cstdint>

#include "arch/memory.h"

namespace arch {

class DeviceRegisters {
public:
    constexpr explicit DeviceRegisters(uint64_t physical_address) : address_{physical_address} {}
    uint8_t read(unsigned index) const { return *at(index); }
    void write(unsigned index, uint8_t value) const { *at(index) = value; }

private:
    volatile uint8_t* at(unsigned index) const {
        return direct_map<volatile uint8_t>(PhysAddr{address_ + index});
    }
    uint64_t address_;
};

}  // namespace arch
