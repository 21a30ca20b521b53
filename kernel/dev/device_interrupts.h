// Which driver an interrupt belongs to.
#pragma once
#include <cstdint>

#include "arch/per_cpu.h"

namespace dev {

// Effect: `handler` serves interrupts of this source, on the CPU that calls. Context: boot.
void connect_interrupt(uint32_t source, void (*handler)());

// Effect: serves all interrupts that wait for this CPU. Context: interrupt.
void handle_device_interrupts(arch::Cpu& cpu);

}  // namespace dev
