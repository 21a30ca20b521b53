// x86_64: the tables that the CPU itself reads when it traps: segments, task states (which stacks to
// take), interrupt gates (where to go). Intel SDM volume 3, "Protected-Mode Memory Management",
// "Interrupt and Exception Handling".
#include "arch/x86_64/descriptors.h"

#include <cstddef>

#include "arch/memory.h"
#include "arch/per_cpu.h"
#include "arch/trap.h"
#include "arch/x86_64/offsets.h"

namespace arch {

static_assert(offsetof(Cpu, stack_low) == CPU_STACK_LOW);
static_assert(offsetof(Cpu, emergency_top) == CPU_EMERGENCY_TOP);
static_assert(offsetof(Cpu, overflowed_sp) == CPU_OVERFLOWED_SP);
static_assert(offsetof(Cpu, port.self) == CPU_SELF);
static_assert(offsetof(Cpu, port.user_sp) == CPU_USER_SP);
static_assert(offsetof(Cpu, port.tss.rsp0) == CPU_TSS_RSP0);
static_assert(kKernelStackSize == KERNEL_STACK_SIZE && kKernelStackArea == KERNEL_STACK_AREA);
static_assert(kKernelImageBase == KERNEL_IMAGE_BASE && kDirectMapBase == DIRECT_MAP_BASE);

namespace {

// Bits 55, 53: 64-bit code; 47: present; 46..45: privilege; 44: code or data; 43: code; 41: readable,
// writable; 40: accessed, set by us so that the CPU need not write.
constexpr uint64_t kCode = 0x00209b0000000000, kData = 0x0000930000000000;
constexpr uint64_t kUser = 0x0000600000000000;
constexpr uint64_t kTaskState = 0x0000890000000000;  // 64-bit, available
constexpr unsigned kFixedDescriptors = 8;

constexpr unsigned kInterruptStacks = 3;
constexpr size_t kInterruptStackSize = 4096;
// Behind the topmost words of a stack that the CPU switches to lies whose it is: GS cannot be trusted
// where these exceptions come.
struct alignas(16) InterruptStack {
    uint8_t bytes[kInterruptStackSize - 16];
    Cpu* owner;
};
InterruptStack interrupt_stacks[kMaxCpus][kInterruptStacks];

struct Gate {
    uint16_t offset_low;
    uint16_t selector;
    uint8_t stack;  // number of an interrupt stack, 0: as it is, or rsp0
    uint8_t type;
    uint16_t offset_middle;
    uint32_t offset_high;
    uint32_t reserved_;
};
static_assert(sizeof(Gate) == 16);
constexpr unsigned kGates = 256;
Gate gates[kGates];

struct [[gnu::packed]] TablePointer {
    uint16_t limit;
    const void* address;
};

extern "C" {
// Before CPU 0 is in C++ it uses them already.
constinit uint64_t descriptors[kFixedDescriptors + 2 * kMaxCpus] = {
    0, 0, kCode, kData, 0, kData | kUser, kCode | kUser, 0};
extern const char vector_stubs[kGates][VECTOR_STUB_SIZE];
}
static_assert(sizeof(descriptors) == DESCRIPTORS_SIZE);
static_assert(KERNEL_CS == 2 * 8 && KERNEL_DS == 3 * 8);
static_assert(USER_DS == (5 * 8 | 3) && USER_CS == (6 * 8 | 3));
static_assert(TASK_STATE_SELECTOR == kFixedDescriptors * 8);

uint8_t interrupt_stack_of(unsigned vector) {
    switch (vector) {
        case 8: return 1;   // double fault: the kernel's stack may be full
        case 2: return 2;   // NMI: may come between any two instructions
        case 18: return 3;  // machine check: likewise
        default: return 0;
    }
}

// An interrupt gate: interrupts are off behind it. int3 is for programs too.
Gate make_gate(unsigned vector) {
    constexpr uint8_t kInterruptGate = 0x8e, kForUsers = 0x60;
    constexpr unsigned kBreakpointVector = 3;
    const uint64_t offset = reinterpret_cast<uint64_t>(vector_stubs[vector]);
    const uint8_t type = vector == kBreakpointVector ? kInterruptGate | kForUsers : kInterruptGate;
    return {static_cast<uint16_t>(offset),
            KERNEL_CS,
            interrupt_stack_of(vector),
            type,
            static_cast<uint16_t>(offset >> 16),
            static_cast<uint32_t>(offset >> 32),
            0};
}

}  // namespace

void load_segments(Cpu& cpu) {
    cpu.port.self = &cpu;
    cpu.port.tss = {};
    cpu.port.tss.io_map_offset = sizeof(TaskState);  // none: no port is a program's
    const size_t index = static_cast<size_t>(&cpu - cpu_blocks);
    for (unsigned i = 0; i < kInterruptStacks; i++) {
        InterruptStack& stack = interrupt_stacks[index][i];
        stack.owner = &cpu;
        cpu.port.tss.ist[i] = reinterpret_cast<uint64_t>(&stack.owner);
    }
    const uint64_t base = reinterpret_cast<uint64_t>(&cpu.port.tss);
    uint64_t* descriptor = &descriptors[kFixedDescriptors + 2 * index];
    descriptor[0] =
        kTaskState | (sizeof(TaskState) - 1) | (base & 0xffffff) << 16 | (base >> 24 & 0xff) << 56;
    descriptor[1] = base >> 32;
    asm volatile("ltr %w0" ::"r"(TASK_STATE_SELECTOR + 16 * index));
}

// Every CPU fills the same table with the same gates.
void load_gates() {
    for (unsigned vector = 0; vector < kGates; vector++) gates[vector] = make_gate(vector);
    const TablePointer pointer{sizeof(gates) - 1, gates};
    asm volatile("lidt %0" ::"m"(pointer));
}

}  // namespace arch
