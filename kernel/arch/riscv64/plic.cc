// riscv64: the platform-level interrupt controller (RISC-V PLIC specification 1.0, "Memory Map").
// Contract: arch/interrupt_controller.h.
#include "arch/interrupt_controller.h"
#include "arch/memory.h"

namespace arch {

namespace {

constexpr uint64_t kPriorities = 0x0;
constexpr uint64_t kEnables = 0x2000, kEnablesOfContext = 0x80;
constexpr uint64_t kContexts = 0x200000, kContextSize = 0x1000;
constexpr uint64_t kThreshold = 0, kClaim = 4;

uint64_t base = 0;

volatile uint32_t& register_at(uint64_t offset) {
    return *direct_map<volatile uint32_t>(PhysAddr{base + offset});
}

// QEMU's virt gives every hart two contexts: machine mode, then supervisor mode.
uint64_t context_of(const Cpu& cpu) { return 2 * uint64_t{cpu.hardware_id} + 1; }

}  // namespace

void init_interrupt_controller(uint64_t physical_address) { base = physical_address; }

void enable_interrupt_source(const Cpu& cpu, uint32_t source) {
    register_at(kPriorities + 4 * source) = 1;
    const uint64_t word = kEnables + kEnablesOfContext * context_of(cpu) + 4 * (source / 32);
    register_at(word) = register_at(word) | 1u << (source % 32);
    register_at(kContexts + kContextSize * context_of(cpu) + kThreshold) = 0;
}

uint32_t claim_interrupt(const Cpu& cpu) {
    return register_at(kContexts + kContextSize * context_of(cpu) + kClaim);
}

void complete_interrupt(const Cpu& cpu, uint32_t source) {
    register_at(kContexts + kContextSize * context_of(cpu) + kClaim) = source;
}

}  // namespace arch
