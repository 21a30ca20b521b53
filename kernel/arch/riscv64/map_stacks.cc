// riscv64: the kernel's stacks, one a CPU, each with an unmapped guard below it, so that an overflow
// traps instead of eating its neighbour. boot.S calls map_stacks once, before anything else in C++.
#include "arch/cpu.h"
#include "arch/memory.h"
#include "arch/per_cpu.h"

namespace arch {

extern "C" {
alignas(kPageSize) uint8_t boot_stacks[kMaxCpus][kKernelStackSize];
extern uint64_t kernel_root[512];
void map_stacks();
}

namespace {

alignas(kPageSize) uint64_t stack_middle[512];  // one gigabyte
alignas(kPageSize) uint64_t stack_leaves[512];  // two megabytes of it
static_assert(kMaxCpus * kKernelStackSlot <= 512 * kPageSize);

constexpr uint64_t kFlags =
    kPteValid | kPteRead | kPteWrite | kPteGlobal | kPteAccessed | kPteDirty;

uint64_t table_entry(const void* table) {
    return make_pte(raw(physical_of_image(table)), kPteTable);
}

}  // namespace

void map_stacks() {
    for (unsigned cpu = 0; cpu < kMaxCpus; cpu++) {
        const uint64_t first_page = (cpu * kKernelStackSlot + kKernelStackSize) / kPageSize;
        for (uint64_t i = 0; i < kKernelStackSize / kPageSize; i++) {
            const PhysAddr page = physical_of_image(&boot_stacks[cpu][i * kPageSize]);
            stack_leaves[first_page + i] = make_pte(raw(page), kFlags);
        }
    }
    stack_middle[0] = table_entry(stack_leaves);
    kernel_root[kKernelStackArea >> 30 & 511] = table_entry(stack_middle);
    flush_local_tlb();
}

void forget_boot_mapping() {
    kernel_root[kKernelImagePhysical >> 30] = 0;
    flush_local_tlb();
}

}  // namespace arch
