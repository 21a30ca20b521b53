// The stacks that CPUs boot on, one each, with an unmapped guard below it, so that an overflow traps
// instead of eating its neighbour. boot.S calls map_stacks once, before anything else in C++. The stacks
// of threads lie behind these.
#include "arch/memory.h"
#include "arch/page_table.h"
#include "arch/per_cpu.h"

namespace arch {

extern "C" {
alignas(kPageSize) uint8_t boot_stacks[kMaxCpus][kKernelStackSize];
extern Pte kernel_gigabytes
    [kEntriesPerTable];  // boot.S: the table at level 2 that holds the stacks' entry
void map_stacks();
}

namespace {

alignas(kPageSize) Pte stack_middle[kEntriesPerTable];  // one gigabyte
alignas(kPageSize) Pte stack_leaves[kEntriesPerTable];  // two megabytes of it
static_assert(kMaxCpus * kKernelStackSlot <= bytes_of_entry(1));
static_assert(kKernelStackArea % bytes_of_entry(2) == 0);

constexpr PageAccess kReadWrite = {true, true, false, false};

}  // namespace

void map_stacks() {
    for (unsigned cpu = 0; cpu < kMaxCpus; cpu++) {
        const uint64_t first_page = (cpu * kKernelStackSlot + kKernelStackSize) / kPageSize;
        for (uint64_t i = 0; i < kKernelStackSize / kPageSize; i++) {
            const PhysAddr page = physical_of_image(&boot_stacks[cpu][i * kPageSize]);
            stack_leaves[first_page + i] = make_leaf(page, kReadWrite);
        }
    }
    stack_middle[0] = make_table(physical_of_image(stack_leaves));
    kernel_gigabytes[index_in_table(kKernelStackArea, 2)] =
        make_table(physical_of_image(stack_middle));
    flush_local_tlb();
}

}  // namespace arch
