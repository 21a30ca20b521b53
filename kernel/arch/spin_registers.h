// The port contract, for self-tests: code of the kernel that notices when a trap changes any register.
#pragma once
#include <cstdint>

namespace arch {

inline constexpr unsigned kSpinRegisters = 32;

// Effect: loads the registers with `patterns`, spins for `rounds`, and stores what the registers hold
// then. Some stay as they are, for the kernel needs them: their elements are copied.
// Context: interrupts on or off.
extern "C" void spin_with_registers(const uint64_t* patterns, uint64_t* seen, uint64_t rounds);

}  // namespace arch
