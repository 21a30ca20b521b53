// Whose values the FPU registers hold. With one program they are always its own, so nothing is ever
// saved; the boot argument noise=fpu plays a second owner, so that saving can be seen to work.
#pragma once
#include "core/thread.h"

namespace entry {

// Effect: from now on share_fpu lets another owner use the FPU. Context: boot.
void set_fpu_noise(uint64_t seed);

// Effect: with noise=fpu: saves the program's FPU registers if it wrote them, fills the FPU with
// noise, restores. Without: nothing. Context: interrupts off.
void share_fpu(core::Thread& thread);

}  // namespace entry
