// x86_64, inside the port: this CPU's own interrupt controller, the local APIC, with its timer.
#pragma once
#include <cstdint>

namespace arch {

// Effect: the local APIC of this CPU works, but lets nothing through before accept_interrupts().
// Context: boot of a CPU.
void init_local_apic();

// Effect: the number by which others reach this CPU. Context: any.
unsigned local_apic_id();

// Effect: how far the timer, which counts down, has got; start_timer_count lets it begin at the top,
// four seconds from its interrupt. Context: boot, interrupts off.
void start_timer_count();
uint32_t timer_count();

// Effect: fixes the rate of the timer: it counts `timer_ticks` while the clock ticks `clock_ticks`.
// Context: boot.
void set_timer_rate(uint64_t timer_ticks, uint64_t clock_ticks);

// Effect: INIT, then start-up with the code at `page`, a multiple of 4096 below 1 MiB. Context: boot.
void wake_cpu(unsigned apic_id, uint64_t page);

// Effect: the device vector whose interrupt this CPU serves (the topmost), or 0. Context: interrupt.
uint32_t device_vector_in_service();

// Effect: the interrupt served last is over. Context: interrupt.
void end_interrupt();

}  // namespace arch
