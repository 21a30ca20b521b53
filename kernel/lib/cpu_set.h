// Some of the machine's CPUs.
#pragma once
#include <cstdint>

namespace lib {

// A bit for each CPU (arch::Cpu::index).
using CpuSet = uint32_t;

// The set of one CPU.
constexpr CpuSet set_of(uint32_t cpu) { return CpuSet{1} << cpu; }

}  // namespace lib
