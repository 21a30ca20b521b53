// The port contract, what /proc/cpuinfo says of a CPU: the port's own lines of proc_cpuinfo(5).
#pragma once
#include "arch/per_cpu.h"
#include "lib/format.h"

namespace arch {

// Effect: writes one paragraph, without the empty line behind it. Context: any.
void write_cpu_info(lib::Sink& sink, const Cpu& cpu);

}  // namespace arch
