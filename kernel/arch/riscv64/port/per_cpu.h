// riscv64: tp points to the per-CPU block; this port needs nothing in it. Contract: arch/per_cpu.h.
#pragma once

namespace arch {

struct CpuPort {};

}  // namespace arch
