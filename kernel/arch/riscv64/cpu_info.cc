// riscv64: what is the same in all machines that this kernel runs on. Contract: arch/cpu_info.h.
#include "arch/cpu_info.h"

namespace arch {

void write_cpu_info(lib::Sink& sink, const Cpu& cpu) {
    lib::format_to(sink, "processor\t: {}\nhart\t\t: {}\n", cpu.index, cpu.hardware_id);
    lib::format_to(sink, "isa\t\t: rv64imafdc_zicsr_zifencei\nmmu\t\t: sv39\n");
}

}  // namespace arch
