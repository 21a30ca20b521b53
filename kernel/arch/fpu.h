// The port contract, floating point: the kernel is built without it, so a program's FPU registers stay
// where they are until somebody else needs the FPU. Context of all: any, this CPU, interrupts off.
#pragma once
#include "arch/user_context.h"

namespace arch {

// FpuState{} is what a new program finds in its registers. A thread that runs has them in the CPU: what
// copies or shows its FpuState saves them first.
extern "C" void fpu_save(FpuState& state);
extern "C" void fpu_restore(const FpuState& state);

// Effect: fills every FPU register with `value`, as another owner of the FPU would.
extern "C" void fpu_noise(uint64_t value);

// Effect: says whether the program may have written FPU registers since mark_fpu_clean. A CPU that does
// not know says yes.
bool fpu_is_dirty(const UserContext& context);
void mark_fpu_clean(UserContext& context);

// Effect: lets the kernel itself execute fpu_save and the others until interrupts or user mode.
void allow_fpu_in_kernel();

}  // namespace arch
