// What the boot finds out about the machine: memory, CPUs, devices, arguments. Once, then constant.
#pragma once
#include <cstdint>

#include "dev/boot_args.h"
#include "dev/device_tree.h"
#include "lib/byte_reader.h"

namespace dev {

struct Machine {
    BootArgs args;
    AddressRange ram;  // the range that holds the kernel
    AddressRange device_tree;
    AddressRange initrd_range;
    lib::Bytes initrd;  // empty: none was given
    uint64_t ram_bytes;
};

// Effect: reads the device tree at this physical address, takes the serial port, the clock's rate, the
// CPUs, the power-off device and the interrupt controller; refuses machines and boot arguments that
// will not do. Context: boot, on the CPU `boot_hart`.
const Machine& find_machine(uint64_t boot_hart, uint64_t device_tree);

// Effect: gives RAM to the frame allocator and maps user memory; refuses if there is too little.
// Context: boot.
void init_memory(const Machine& machine);

// Effect: starts the other CPUs and waits until they run. Context: boot.
void start_other_cpus();

}  // namespace dev
