// Contract: core/fpu.h. Registers hold a thread's values if both say so: the CPU, which thread it has loaded
// last, and the thread, which CPU has loaded it last. Both are compared only: the CPU may name a thread that
// has ended, and a new one at the same address says that no CPU has loaded it.
#include "core/fpu.h"

namespace core {

void fpu_to_registers(Thread& thread) {
    arch::Cpu& cpu = *arch::this_cpu();
    if (cpu.fpu_owner == &thread && thread.fpu_cpu == &cpu) return;
    arch::allow_fpu_in_kernel();
    arch::fpu_restore(thread.fpu);
    arch::mark_fpu_clean(thread.user);
    cpu.fpu_owner = &thread;
    thread.fpu_cpu = &cpu;
}

void fpu_changed(Thread& thread) {
    thread.fpu_cpu = nullptr;
    if (arch::this_cpu()->running == &thread) fpu_to_registers(thread);
}

}  // namespace core
