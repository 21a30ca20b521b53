// What interrupts do, whoever they interrupted.
#pragma once
#include "arch/per_cpu.h"
#include "entry/decide.h"

namespace entry {

// Effect: serves a tick, an IPI or a device that interrupted user mode or the kernel. Context: interrupt,
// interrupts off.
void handle_interrupt(arch::Cpu& cpu, Action action, Origin origin);

// Effect: `hook` is called on the way out of every interrupt that found the kernel preemptible, on
// the stack of whoever was interrupted, and may enable interrupts. Context: boot.
void set_interrupt_exit_hook(void (*hook)());

}  // namespace entry
