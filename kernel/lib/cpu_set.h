// Some of the machine's CPUs.
#pragma once
#include <cstdint>

namespace lib {

// A bit for each CPU (arch::Cpu::index).
using CpuSet = uint32_t;

}  // namespace lib
