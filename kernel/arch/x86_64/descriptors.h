// x86_64, inside the port: the tables that the CPU reads when it traps.
#pragma once
#include <cstdint>

#include "arch/per_cpu.h"

namespace arch {

// Effect: this CPU, whose block is `cpu`, uses the final segments, task state and interrupt stacks.
// Context: boot of a CPU.
void load_segments(Cpu& cpu);

// Effect: traps of this CPU go to the vector stubs (vectors.S). Context: boot of a CPU.
void load_gates();

}  // namespace arch
