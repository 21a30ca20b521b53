// The port contract, boot: what this machine consists of, by whatever means its firmware tells.
#pragma once
#include <cstdint>
#include <span>

#include "lib/text.h"

namespace arch {

// Physical addresses.
struct AddressRange {
    uint64_t base = 0;
    uint64_t size = 0;
};

struct BootInfo {
    std::span<const AddressRange> memory;    // all of RAM
    std::span<const AddressRange> occupied;  // what lies in RAM and must stay there
    AddressRange initrd;                     // one of those; size 0: there is none
    lib::Text command_line;                  // empty: none was given
    std::span<const unsigned> cpus;          // the hardware's names, that of the boot CPU first
    uint64_t clock_rate;                     // how often read_clock() ticks in a second
    uint64_t interrupt_controller;           // for init_interrupt_controller
    uint64_t serial_port;                    // an NS16550, for DeviceRegisters
    uint32_t serial_interrupt;               // its source
};

// Effect: finds out all of the above, and how to power the machine off; refuses machines that will not
// do. The two numbers are kernel_main's. Context: boot, once; the spans and texts stay.
BootInfo discover_machine(uint64_t boot_cpu, uint64_t firmware_data);

}  // namespace arch
