// The port contract, interrupts of devices. A source is a number that the controller gave a device;
// 0 is none.
#pragma once
#include <cstdint>

#include "arch/cpu.h"
#include "arch/per_cpu.h"

namespace arch {

// Effect: takes the controller at this address. Context: boot.
void init_interrupt_controller(uint64_t physical_address);

// Effect: interrupts of `source` go to `cpu` as well. Context: boot.
void enable_interrupt_source(const Cpu& cpu, uint32_t source);

// Effect: a source that wants this CPU, now claimed by it, or 0. Context: interrupt.
uint32_t claim_interrupt(const Cpu& cpu);

// Effect: the claimed source may interrupt again. Context: interrupt.
void complete_interrupt(const Cpu& cpu, uint32_t source);

}  // namespace arch
