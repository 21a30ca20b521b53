// Whose values the FPU's registers hold: the one place where a program's are saved and loaded.
//
//     the thread runs           its values are in its CPU's registers; Thread::fpu may be older
//     the thread does not run   its values are in Thread::fpu; the registers of the CPU on which it ran
//                               last may still hold them, too, and need not be loaded if it comes back
//
// Context of all: interrupts off.
#pragma once
#include "arch/cpu.h"
#include "arch/fpu.h"
#include "arch/per_cpu.h"
#include "core/thread.h"

namespace core {

// Effect: Thread::fpu holds the thread's values: they may be copied or shown, or others use the FPU. The
// thread is the one that runs on this CPU, or one that does not run.
inline void fpu_to_memory(Thread& thread) {
    if (arch::this_cpu()->running != &thread || !arch::fpu_is_dirty(thread.user)) return;
    arch::allow_fpu_in_kernel();
    arch::fpu_save(thread.fpu);
    arch::mark_fpu_clean(thread.user);
}

// Effect: the thread's values are those in Thread::fpu, whatever a CPU's registers hold: Thread::fpu was
// written, or others have used the FPU. The thread as above; if it is the one that runs, interrupts were off
// since before Thread::fpu was written: a switch would save older values over the new ones.
void fpu_changed(Thread& thread);

// Effect: this CPU's registers hold the values of `thread`, the one that runs. Context: the scheduler.
void fpu_to_registers(Thread& thread);

}  // namespace core
