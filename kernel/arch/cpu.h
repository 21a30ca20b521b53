// The port contract, the processor: interrupts, clock, start and stop. Inline ones in port/cpu.h.
//
//   this_cpu()                      the per-CPU block of the CPU that runs (any context)
//   interrupts_enabled()            may an interrupt come now?
//   enable_interrupts(), disable_interrupts(), disable_interrupts_and_tell()
//   wait_for_interrupt()            with interrupts off, after looking for work: sleeps until there is
//                                   an interrupt, which some CPUs take here and others leave pending
//   pause_cpu()
//   read_clock()                    ticks of the machine's clock; core/clock.h has the rate
//   frame_pointer()                 of the function that calls it
//   kFrameRecordOffset              from a frame pointer to its FrameRecord
#pragma once
#include <cstdint>

#include "port/cpu.h"

namespace arch {

struct Cpu;

// What a function with a frame pointer keeps on its stack, on every CPU that we know.
struct FrameRecord {
    uint64_t previous;  // the caller's frame pointer
    uint64_t return_address;
};

// Restores on leaving a scope what interrupts were on entering it. Nests.
class InterruptGuard {
public:
    InterruptGuard() : were_enabled_(disable_interrupts_and_tell()) {}
    ~InterruptGuard() {
        if (were_enabled_) enable_interrupts();
    }
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

private:
    bool were_enabled_;
};

// Effect: one timer interrupt on this CPU when read_clock() reaches `deadline`, or somewhat earlier if that
// is far away (x86-64: seconds): who wants the time to have come looks at the clock. A later call replaces
// an earlier one, whose interrupt may be on its way; ~0 means never. If the timer has interrupted, this
// ends that interrupt. Context: any.
void set_timer(uint64_t deadline);

// Effect: a software interrupt on another CPU. Context: any.
void send_ipi(const Cpu& cpu);

// Effect: takes back the software interrupt that this CPU received. Context: interrupt.
void acknowledge_ipi();

// Effect: which interrupts this CPU takes once they are enabled: timer, software and devices.
void accept_interrupts();

// Effect: traps of the kernel itself go to kernel_trap from now on, on this CPU.
void install_kernel_trap_vector();

// Effect: starts another CPU; it calls secondary_main(cpu). False if the firmware refuses.
bool start_cpu(const Cpu& cpu);

// Effect: takes back what only the first instructions of a CPU needed mapped. Context: boot, all CPUs
// run in the high half.
void forget_boot_mapping();

// Effect: one byte to the console with nothing working but the CPU. For panic and the first boot
// lines only. Context: any.
void early_putc(char byte);

// Effect: the machine ends with `status` (0..127) as QEMU's exit status. Where the machine has no
// such device, it is switched off or, at last, halted.
[[noreturn]] void power_off(uint8_t status);

}  // namespace arch
