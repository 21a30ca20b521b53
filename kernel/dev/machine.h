// What the boot finds out about the machine: memory, CPUs, devices, arguments. Once, then constant.
#pragma once
#include <cstdint>
#include <span>

#include "arch/boot_info.h"
#include "dev/boot_args.h"
#include "lib/byte_reader.h"

namespace dev {

struct Machine {
    BootArgs args;
    arch::AddressRange ram;                        // the range that holds the kernel
    std::span<const arch::AddressRange> occupied;  // parts of RAM that are in use already
    lib::Bytes initrd;                             // empty: none was given
    uint64_t ram_bytes;
};

// Effect: asks the port what the machine consists of and takes the serial port, the clock, the CPUs and
// the interrupt controller into use; refuses machines and boot arguments that will not do. The two
// numbers are kernel_main's. Context: boot.
const Machine& find_machine(uint64_t boot_cpu, uint64_t firmware_data);

// Effect: gives RAM to the frame allocator and maps user memory; refuses if there is too little.
// Context: boot.
void init_memory(const Machine& machine);

// Effect: starts the other CPUs and waits until they run. Context: boot.
void start_other_cpus();

}  // namespace dev
