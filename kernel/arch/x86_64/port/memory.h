// x86_64: the layout of addresses, four levels of tables. Contract: arch/memory.h. Filled by boot.S.
#pragma once
#include <cstdint>

namespace arch {

inline constexpr uint64_t kPageSize = 4096;
inline constexpr uint64_t kUserEnd = 0x00007ffffffff000;  // the low half, without its last page
inline constexpr uint64_t kDirectMapBase = 0xffff888000000000;  // physical 0
inline constexpr uint64_t kDirectMapSize = 4ull << 30;
inline constexpr uint64_t kKernelImageBase = 0xffffffff80000000;  // physical 0
inline constexpr uint64_t kKernelImagePhysical = 0;
inline constexpr uint64_t kKernelStackArea = 0xffffffff40000000;
inline constexpr uint64_t kKernelStackAreaSize = 1ull << 30;
inline constexpr uint64_t kKernelStackSize = 16384;
inline constexpr uint64_t kKernelStackSlot = 2 * kKernelStackSize;  // a guard below each stack

// A page-table entry (Intel SDM volume 3, "4-Level Paging and 5-Level Paging"). What is mapped can be
// read; a bit forbids execution, so kPteExecute is that bit for make_pte to turn round.
inline constexpr uint64_t kPteValid = 1, kPteWrite = 2, kPteUser = 4, kPteAccessed = 32,
                          kPteDirty = 64, kPteGlobal = 256, kPteNoExecute = 1ull << 63;
inline constexpr uint64_t kPteExecute = kPteNoExecute;
// Tables allow everything: what is forbidden is said where the walk ends.
inline constexpr uint64_t kPteTable = kPteValid | kPteWrite | kPteUser | kPteExecute;

constexpr uint64_t make_pte(uint64_t physical, uint64_t flags) {
    return physical | (flags ^ kPteNoExecute);
}

// Global pages too: the bit of CR4 that makes them work empties everything when it changes.
inline void flush_local_tlb() {
    constexpr uint64_t kGlobalPages = 1 << 7;  // CR4.PGE
    uint64_t cr4;
    asm volatile("movq %%cr4, %0" : "=r"(cr4));
    asm volatile("movq %0, %%cr4\n movq %1, %%cr4" ::"r"(cr4 & ~kGlobalPages), "r"(cr4) : "memory");
}

}  // namespace arch
