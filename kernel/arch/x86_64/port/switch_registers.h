// x86_64: rbx, rbp, r12 to r15. Contract: arch/switch_registers.h.
#pragma once

namespace arch {

inline constexpr unsigned kKeptRegisters = 6;

}  // namespace arch
