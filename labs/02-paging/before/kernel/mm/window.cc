// Contract: mm/window.h.
#include "mm/window.h"

#include <cstring>

#include "arch/page_table.h"
#include "lib/checked.h"
#include "sync/spinlock.h"

namespace mm {

namespace {

constexpr size_t kMostReserved = 8;

struct FreePage {
    FreePage* next;
};

sync::SpinLock frames_lock{sync::LockRank::kFrames};
PhysRange ram_left GUARDED_BY(frames_lock);
PhysRange reserved_ranges[kMostReserved] GUARDED_BY(frames_lock);
size_t reserved_count GUARDED_BY(frames_lock) = 0;
FreePage* free_pages GUARDED_BY(frames_lock) = nullptr;

uint8_t* window_memory = nullptr;  // the window's bytes, in the direct map

// The window's tables: leaves, one table above them all, and above it, up to the kernel's root, tables
// of which the first entry alone is used.
extern "C" uint64_t kernel_root[arch::kEntriesPerTable];
constexpr uint64_t kLeafTables = kWindowEnd / arch::bytes_of_entry(1);
constexpr unsigned kUpperTables = arch::kPageTableLevels - 2;
static_assert(kLeafTables <= arch::kEntriesPerTable);
alignas(arch::kPageSize) arch::Pte window_upper[kUpperTables][arch::kEntriesPerTable];
alignas(arch::kPageSize) arch::Pte window_leaves[kLeafTables][arch::kEntriesPerTable];

arch::Pte entry_for(const arch::Pte* table) {
    return arch::make_table(arch::physical_of_image(table));
}

// Physical addresses are far from the end of 64 bits.
uint64_t page_up(uint64_t address) { return MUST(lib::align_up(address, arch::kPageSize)); }

}  // namespace

}  // namespace mm

// There is no heap that anything could be given back to: nothing is ever allocated.
void operator delete(void*) noexcept {}
void operator delete(void*, size_t) noexcept {}
void operator delete[](void*) noexcept {}
void operator delete[](void*, size_t) noexcept {}

namespace mm {

void init_frames(PhysRange ram, std::span<const PhysRange> reserved) {
    sync::SpinGuard guard(frames_lock);
    ram_left = {page_up(ram.begin), lib::align_down(ram.end, arch::kPageSize)};
    ASSERT(reserved.size() <= kMostReserved);
    for (const PhysRange& range : reserved) reserved_ranges[reserved_count++] = range;
}

Result<arch::PhysAddr> allocate_pages(size_t pages) {
    sync::SpinGuard guard(frames_lock);
    if (pages == 1 && free_pages != nullptr) {
        FreePage* page = free_pages;
        free_pages = page->next;
        return arch::PhysAddr{reinterpret_cast<uint64_t>(page) - arch::kDirectMapBase};
    }
    const uint64_t size = pages * arch::kPageSize;
    uint64_t begin = ram_left.begin;
    for (bool moved = true; moved;) {
        moved = false;
        for (size_t i = 0; i < reserved_count; i++) {
            const PhysRange& range = reserved_ranges[i];
            if (begin < range.end && range.begin < begin + size) {
                begin = page_up(range.end);
                moved = true;
            }
        }
    }
    if (begin > ram_left.end || size > ram_left.end - begin) return Errno{ENOMEM};
    ram_left.begin = begin + size;
    return arch::PhysAddr{begin};
}

void free_page(arch::PhysAddr page) {
    sync::SpinGuard guard(frames_lock);
    auto* freed = arch::direct_map<FreePage>(page);
    freed->next = free_pages;
    free_pages = freed;
}

Result<void> map_user_window() {
    const arch::PhysAddr memory = TRY(allocate_pages(kWindowEnd / arch::kPageSize));
    window_memory = arch::direct_map<uint8_t>(memory);
    memset(window_memory, 0, kWindowEnd);
    constexpr arch::PageAccess kAll = {.read = true, .write = true, .execute = true, .user = true};
    for (uint64_t address = kWindowBegin; address < kWindowEnd; address += arch::kPageSize) {
        arch::Pte* leaves = window_leaves[address / arch::bytes_of_entry(1)];
        leaves[arch::index_in_table(address, 0)] =
            arch::make_leaf(arch::PhysAddr{raw(memory) + address}, kAll);
    }
    arch::Pte* upper = window_upper[0];
    for (uint64_t i = 0; i < kLeafTables; i++) upper[i] = entry_for(window_leaves[i]);
    for (unsigned level = 1; level < kUpperTables; level++) {
        window_upper[level][0] = entry_for(upper);
        upper = window_upper[level];
    }
    kernel_root[0] = static_cast<uint64_t>(entry_for(upper));
    arch::flush_user_tlb();
    return {};
}

Result<std::span<uint8_t>> window_bytes(uint64_t address, size_t size) {
    if (address < kWindowBegin || address > kWindowEnd || size > kWindowEnd - address) {
        return Errno{EFAULT};
    }
    return std::span<uint8_t>(window_memory + address, size);
}

}  // namespace mm
