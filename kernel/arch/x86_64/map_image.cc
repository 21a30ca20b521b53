// x86_64: the image's page tables, each section with its own rights, in place of the boot's huge pages.
// boot.S calls map_image once, on its way to C++.
#include "arch/memory.h"
#include "arch/page_table.h"

namespace arch {

extern "C" {
extern Pte kernel_gigabytes[kEntriesPerTable];
extern const char kernel_begin[], rodata_begin[], data_begin[], kernel_end[];
void map_image();
}

namespace {

constexpr uint64_t kLeafTables = 4;  // kernel.ld: MOST_BYTES
alignas(kPageSize) Pte image_middle[kEntriesPerTable];
alignas(kPageSize) Pte image_leaves[kLeafTables][kEntriesPerTable];

void map_section(const char* begin, const char* end, PageAccess access) {
    for (const char* page = begin; page < end; page += kPageSize) {
        const PhysAddr frame = physical_of_image(page);
        const uint64_t number = raw(frame) / kPageSize;
        image_leaves[number / kEntriesPerTable][number % kEntriesPerTable] =
            make_leaf(frame, access);
    }
}

}  // namespace

void map_image() {
    map_section(kernel_begin, rodata_begin, {true, false, true, false});
    map_section(rodata_begin, data_begin, {true, false, false, false});
    map_section(data_begin, kernel_end, {true, true, false, false});
    for (uint64_t i = 0; i < kLeafTables; i++) {
        image_middle[i] = make_table(physical_of_image(image_leaves[i]));
    }
    kernel_gigabytes[index_in_table(kKernelImageBase, 2)] =
        make_table(physical_of_image(image_middle));
    flush_local_tlb();
}

}  // namespace arch
