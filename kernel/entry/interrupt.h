// What interrupts do, whoever they interrupted.
#pragma once
#include "arch/per_cpu.h"
#include "entry/decide.h"

namespace entry {

// Effect: serves a tick, an IPI or a device. Context: interrupt, interrupts off.
void handle_interrupt(arch::Cpu& cpu, Action action);

}  // namespace entry
