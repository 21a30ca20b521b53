// x86_64: the fine page tables of the kernel. Its image, each section with its own rights; its stacks,
// one a CPU, each with an unmapped guard below it, so that an overflow traps instead of eating its
// neighbour. boot.S calls map_stacks once, before anything else in C++.
#include "arch/cpu.h"
#include "arch/memory.h"
#include "arch/per_cpu.h"

namespace arch {

extern "C" {
alignas(kPageSize) uint8_t boot_stacks[kMaxCpus][kKernelStackSize];
extern uint64_t image_table[512];
extern const char kernel_begin[], rodata_begin[], data_begin[], kernel_end[];
void map_stacks();
}

namespace {

constexpr uint64_t kImageLeafTables = 4;  // kernel.ld: MOST_BYTES
alignas(kPageSize) uint64_t image_middle[512];
alignas(kPageSize) uint64_t image_leaves[kImageLeafTables][512];
alignas(kPageSize) uint64_t stack_middle[512];  // one gigabyte
alignas(kPageSize) uint64_t stack_leaves[512];  // two megabytes of it
static_assert(kMaxCpus * kKernelStackSlot <= 512 * kPageSize);

constexpr uint64_t kText = kPteValid | kPteExecute | kPteGlobal | kPteAccessed;
constexpr uint64_t kReadOnly = kPteValid | kPteGlobal | kPteAccessed;
constexpr uint64_t kData = kReadOnly | kPteWrite | kPteDirty;

uint64_t table_entry(const void* table) {
    return make_pte(raw(physical_of_image(table)), kPteTable);
}

void map_section(const char* begin, const char* end, uint64_t flags) {
    for (const char* page = begin; page < end; page += kPageSize) {
        const uint64_t physical = raw(physical_of_image(page));
        const uint64_t number = physical / kPageSize;
        image_leaves[number / 512][number % 512] = make_pte(physical, flags);
    }
}

void map_image() {
    map_section(kernel_begin, rodata_begin, kText);
    map_section(rodata_begin, data_begin, kReadOnly);
    map_section(data_begin, kernel_end, kData);
    for (uint64_t i = 0; i < kImageLeafTables; i++) image_middle[i] = table_entry(image_leaves[i]);
    image_table[kKernelImageBase >> 30 & 511] = table_entry(image_middle);
}

}  // namespace

void map_stacks() {
    for (unsigned cpu = 0; cpu < kMaxCpus; cpu++) {
        const uint64_t first_page = (cpu * kKernelStackSlot + kKernelStackSize) / kPageSize;
        for (uint64_t i = 0; i < kKernelStackSize / kPageSize; i++) {
            const PhysAddr page = physical_of_image(&boot_stacks[cpu][i * kPageSize]);
            stack_leaves[first_page + i] = make_pte(raw(page), kData);
        }
    }
    stack_middle[0] = table_entry(stack_leaves);
    image_table[kKernelStackArea >> 30 & 511] = table_entry(stack_middle);
    map_image();
    flush_local_tlb();
}

// Only boot_root maps the first instructions, and no CPU stays there.
void forget_boot_mapping() {}

}  // namespace arch
