// The port contract, for self-tests: code of the kernel that notices when switch_context loses a register.
#pragma once
#include <cstdint>

#include "arch/kernel_context.h"
#include "port/switch_registers.h"

namespace arch {

// Effect: loads the registers that a function keeps for its caller (kKeptRegisters of them) with
// `patterns`, calls switch_context(from, to), and when that comes back stores what they hold in `seen`.
// Context: as switch_context.
extern "C" void switch_with_registers(KernelContext& from, const KernelContext& to,
                                      const uint64_t* patterns, uint64_t* seen);

}  // namespace arch
