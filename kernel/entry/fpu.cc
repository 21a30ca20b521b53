// Contract: entry/fpu.h. Saving only what is dirty: an unwritten FPU equals its saved copy.
#include "entry/fpu.h"

#include "arch/fpu.h"
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
    arch::allow_fpu_in_kernel();
    if (arch::fpu_is_dirty(thread.user)) {
        arch::fpu_save(thread.fpu);
        arch::mark_fpu_clean(thread.user);
    }
    arch::fpu_noise(noise.next());
    arch::fpu_restore(thread.fpu);
}

}  // namespace entry
