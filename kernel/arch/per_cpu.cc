// The per-CPU blocks and their emergency stacks.
#include "arch/per_cpu.h"

#include "arch/memory.h"

namespace arch {

extern "C" {
constinit Cpu cpu_blocks[kMaxCpus] = {};
extern const uint64_t cpu_block_size;
const uint64_t cpu_block_size = sizeof(Cpu);  // boot.S finds a CPU's block with it
}

namespace {
alignas(16) uint8_t emergency_stacks[kMaxCpus][kEmergencyStackSize];
unsigned count_of_cpus = 1;
}  // namespace

void init_cpus(std::span<const unsigned> hardware_ids) {
    const size_t count = hardware_ids.size();
    count_of_cpus = count < kMaxCpus ? static_cast<unsigned>(count) : kMaxCpus;
    for (unsigned i = 0; i < count_of_cpus; i++) {
        Cpu& cpu = cpu_blocks[i];
        cpu.index = i;
        cpu.hardware_id = hardware_ids[i];
        cpu.stack_low = kKernelStackArea + i * kKernelStackSlot + kKernelStackSize;
        cpu.emergency_top = reinterpret_cast<uint64_t>(&emergency_stacks[i][kEmergencyStackSize]);
    }
    come_online(cpu_blocks[0]);  // no program runs before it has all the rest
}

bool appear(Cpu& cpu) {
    uint32_t absent = Cpu::kAbsent;
    return cpu.state.compare_exchange(absent, Cpu::kArriving);
}

void come_online(Cpu& cpu) { cpu.state.store(Cpu::kOnline); }

bool give_up_cpu(Cpu& cpu) {
    uint32_t absent = Cpu::kAbsent;
    return cpu.state.compare_exchange(absent, Cpu::kGivenUp);
}

unsigned cpu_count() { return count_of_cpus; }

unsigned online_cpu_count() {
    unsigned online = 0;
    for (unsigned i = 0; i < count_of_cpus; i++) online += cpu_blocks[i].is_online() ? 1 : 0;
    return online;
}

}  // namespace arch
