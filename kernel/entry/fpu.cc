// Contract: entry/fpu.h. A second owner of the FPU does what each must (core/fpu.h): the program's values go
// to memory first, and afterwards the registers hold them no more.
#include "entry/fpu.h"

#include "core/fpu.h"
#include "lib/random.h"

namespace entry {

namespace {
bool noisy = false;
lib::Random noise{0};
}  // namespace

void set_fpu_noise(uint64_t seed) {
    noisy = true;
    noise = lib::Random{seed};
}

void share_fpu(core::Thread& thread) {
    if (!noisy) [[likely]]
        return;
    core::fpu_to_memory(thread);
    arch::allow_fpu_in_kernel();
    arch::fpu_noise(noise.next());
    core::fpu_changed(thread);
}

}  // namespace entry
