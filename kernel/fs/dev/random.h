// The kernel's random numbers for programs: getrandom(2), /dev/urandom. The machine has no source of
// real randomness that we know of, so they are as good as their seed: the boot argument, or the clock
// at boot. No secret is safe behind them.
#pragma once
#include <cstdint>

#include "mm/io_buffer.h"

namespace fs {

// Effect: numbers are drawn from this seed from now on: the same seed, the same numbers. Context: boot.
void seed_random(uint64_t seed);

// Effect: fills `to`; returns how many bytes that were. EFAULT. Context: may sleep.
Result<size_t> read_random(mm::IoBuffer& to);

}  // namespace fs
