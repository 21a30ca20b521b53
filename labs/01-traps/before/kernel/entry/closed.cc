// The closed door of lab traps: a kernel that boots and tests itself, but takes no trap and runs no
// program. Contract: entry/door.h, entry/boot.h.
#include "arch/cpu.h"
#include "core/panic.h"
#include "entry/boot.h"
#include "entry/door.h"

namespace entry {

size_t backtrace(uint64_t, StackBounds, std::span<uint64_t>) { return 0; }

void report_registers(std::span<const uint64_t>) {}

// Interrupts stay refused (arch::accept_interrupts is not called); what traps all the same is a
// mistake of the kernel.
void init_traps() { arch::install_kernel_trap_vector(); }

extern "C" [[noreturn]] void closed_door_trap(uint64_t cause, uint64_t pc, uint64_t address) {
    PANIC("trap with cause {:#x} at pc {:#x} address {:#x}; handling it is lab traps", cause, pc,
          address);
}

void init(const dev::BootArgs&) {}

void run_user(core::Thread&) {
    core::refuse("this kernel has no user mode yet, it comes with lab traps: give it selftest=");
}

void idle() {
    for (;;) arch::wait_for_interrupt();
}

}  // namespace entry
