// The port contract, floating point: the kernel is built without it, so a program's FPU registers stay
// where they are until somebody else needs the FPU (core/fpu.h). Context of all: any, this CPU, interrupts
// off. Inline ones in port/fpu.h:
//
//   fpu_is_dirty(context)    may the program have written FPU registers since mark_fpu_clean()? A CPU that
//                            does not know says yes
//   mark_fpu_clean(context)
//   allow_fpu_in_kernel()    lets the kernel itself execute fpu_save and the others until interrupts or user
//                            mode
#pragma once
#include "arch/user_context.h"
#include "port/fpu.h"

namespace arch {

// FpuState{} is what a new program finds in its registers.
extern "C" void fpu_save(FpuState& state);
extern "C" void fpu_restore(const FpuState& state);

// Effect: fills every FPU register with `value`, as another owner of the FPU would.
extern "C" void fpu_noise(uint64_t value);

}  // namespace arch
