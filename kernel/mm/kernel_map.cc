// Contract: mm/kernel_map.h. The boot's huge mappings are split into smaller ones where the image lies,
// as deep as it takes; everything else stays huge, which costs no tables and few TLB entries.
#include "mm/kernel_map.h"

#include <utility>

#include "arch/page_table.h"
#include "lib/checked.h"
#include "mm/frames.h"
#include "mm/page_table.h"

namespace mm {

namespace {

extern "C" {
extern arch::Pte kernel_root[];
extern const char kernel_begin[], kernel_end[];
extern const char text_begin[], text_end[];
extern const char rodata_begin[], rodata_end[];
}

constexpr arch::PageAccess kReadOnly = {true, false, false, false};
constexpr arch::PageAccess kReadWrite = {true, true, false, false};
constexpr arch::PageAccess kReadExecute = {true, false, true, false};

// A huge page becomes a table of smaller ones that mean the same. Boot: without memory for a table there
// is no kernel.
void split(arch::Pte* entry, unsigned level) {
    const arch::PhysAddr frames = arch::address_of(*entry);
    const arch::PageAccess access = arch::access_of(*entry);
    const arch::PhysAddr below = MUST(allocate_frame());
    for (unsigned i = 0; i < arch::kEntriesPerTable; i++) {
        const arch::PhysAddr part{raw(frames) + i * arch::bytes_of_entry(level - 1)};
        entries_of(below)[i] = arch::make_leaf(part, access, level - 1);
    }
    *entry = arch::make_table(below);
}

// The entry of a kernel page at `wanted`, with huge pages on the way to it split; null if nothing is
// mapped there.
arch::Pte* split_down_to(uint64_t address, unsigned wanted = 0) {
    arch::Pte* table = kernel_root;
    for (unsigned level = arch::kPageTableLevels - 1;; level--) {
        arch::Pte* entry = &table[arch::index_in_table(address, level)];
        if (level == wanted) return entry;
        if (*entry == arch::kNoEntry) return nullptr;
        if (arch::is_leaf(*entry, level)) split(entry, level);
        table = entries_of(arch::address_of(*entry));
    }
}

void set_access(uint64_t begin, uint64_t end, arch::PageAccess access) {
    for (uint64_t page = begin; page < end; page += arch::kPageSize) {
        arch::Pte* entry = split_down_to(page);
        *entry = arch::make_leaf(arch::address_of(*entry), access);
    }
}

// Nothing is mapped at begin ≤ a < end any more.
void take_out(uint64_t begin, uint64_t end) {
    while (begin < end) {
        const uint64_t huge = arch::bytes_of_entry(1);
        const unsigned level = lib::is_aligned(begin, huge) && end - begin >= huge ? 1 : 0;
        if (arch::Pte* entry = split_down_to(begin, level)) *entry = arch::kNoEntry;
        begin += arch::bytes_of_entry(level);
    }
}

// Both addresses of a part of the image: a second, writable one would open what the first forbids.
void protect(const char* begin, const char* end, arch::PageAccess image, arch::PageAccess direct) {
    const uint64_t first = lib::align_down(reinterpret_cast<uint64_t>(begin), arch::kPageSize);
    const uint64_t last = MUST(lib::align_up(reinterpret_cast<uint64_t>(end), arch::kPageSize));
    set_access(first, last, image);
    const uint64_t alias = reinterpret_cast<uint64_t>(
        arch::direct_map(arch::physical_of_image(reinterpret_cast<const void*>(first))));
    set_access(alias, alias + (last - first), direct);
}

}  // namespace

arch::Pte set_kernel_page(uint64_t address, arch::Pte entry) {
    return std::exchange(*split_down_to(address), entry);
}

Result<void> make_kernel_table(uint64_t address) {
    arch::Pte* entry = split_down_to(address, 1);
    ASSERT(entry != nullptr);  // boot.S: only the lowest tables of an area are missing
    if (*entry == arch::kNoEntry) *entry = arch::make_table(TRY(allocate_zeroed_frame()));
    return {};
}

void protect_kernel_image() {
    // Code keeps its right to be executed at every moment: the next tick may want a page of it that the
    // TLB does not hold.
    protect(text_begin, text_end, kReadExecute, kReadOnly);
    protect(rodata_begin, kernel_end, kReadWrite, kReadWrite);
    protect(rodata_begin, rodata_end, kReadOnly, kReadOnly);
    // The boot's huge page holds more than the image: neighbours that can be written and executed.
    constexpr uint64_t kEnd = arch::kKernelImageBase + arch::bytes_of_entry(2);
    take_out(arch::kKernelImageBase, reinterpret_cast<uint64_t>(kernel_begin));
    take_out(reinterpret_cast<uint64_t>(kernel_end), kEnd);
    arch::flush_local_tlb();
}

}  // namespace mm
