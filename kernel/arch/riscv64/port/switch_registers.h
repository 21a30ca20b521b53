// riscv64: s0 to s11. Contract: arch/switch_registers.h.
#pragma once

namespace arch {

inline constexpr unsigned kKeptRegisters = 12;

}  // namespace arch
