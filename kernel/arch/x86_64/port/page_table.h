// x86_64: entries of four levels of page tables (Intel SDM volume 3, "4-Level Paging and 5-Level
// Paging"). Contract: arch/page_table.h, which includes this file.
#pragma once

namespace arch {

inline constexpr unsigned kPageTableLevels = 4;
// What is mapped at all can be read: only writing and executing have bits of their own.
inline constexpr bool kWritableImpliesReadable = true;
inline constexpr bool kExecutableImpliesReadable = true;

inline constexpr uint64_t kPteHuge = 1 << 7;  // ends the walk above level 0; at level 0 another bit
// A leaf that grants nothing: the hardware ignores all but bit 0 of an entry that is not valid.
inline constexpr uint64_t kPteParked = 1 << 9;
inline constexpr uint64_t kPteAddress = 0x000f'ffff'ffff'f000;

constexpr Pte make_leaf(PhysAddr frame, PageAccess access, unsigned level = 0) {
    uint64_t flags = kPteAccessed | kPteDirty;  // set by us, so that the CPU need not
    if (access.write) flags |= kPteWrite;
    if (access.execute) flags |= kPteExecute;
    if (level > 0) flags |= kPteHuge;
    flags |= access.user ? kPteUser : kPteGlobal;
    const bool granted = access.read || access.write || access.execute;
    return Pte{make_pte(raw(frame), flags | (granted ? kPteValid : kPteParked))};
}

constexpr Pte make_table(PhysAddr table) { return Pte{make_pte(raw(table), kPteTable)}; }

constexpr bool is_leaf(Pte entry, unsigned level) {
    return level == 0 || (static_cast<uint64_t>(entry) & (kPteHuge | kPteParked)) != 0;
}

constexpr PhysAddr address_of(Pte entry) {
    return PhysAddr{static_cast<uint64_t>(entry) & kPteAddress};
}

constexpr PageAccess access_of(Pte entry) {
    const uint64_t bits = static_cast<uint64_t>(entry);
    return {(bits & kPteValid) != 0, (bits & kPteWrite) != 0, (bits & kPteNoExecute) == 0,
            (bits & kPteUser) != 0};
}

// INVLPG takes all entries of the paging-structure caches with it (Intel SDM volume 3, "Operations that
// Invalidate TLBs and Paging-Structure Caches").
inline constexpr bool kPageFlushTakesTables = true;
inline void flush_page(uint64_t address) { asm volatile("invlpg (%0)" ::"r"(address) : "memory"); }

inline void load_page_table(PhysAddr root) {
    asm volatile("movq %0, %%cr3" ::"r"(raw(root)) : "memory");
}

// The kernel's own pages are global: they stay.
inline void flush_user_tlb() {
    uint64_t root;
    asm volatile("movq %%cr3, %0\n movq %0, %%cr3" : "=r"(root)::"memory");
}

}  // namespace arch
