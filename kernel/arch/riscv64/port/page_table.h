// riscv64: entries of Sv39 page tables (privileged specification, "Sv39: Page-Based 39-bit Virtual-Memory
// System"). Contract: arch/page_table.h, which includes this file.
#pragma once

namespace arch {

inline constexpr unsigned kPageTableLevels = 3;
inline constexpr bool kWritableImpliesReadable = true;
inline constexpr bool kExecutableImpliesReadable = false;

// The two lowest of the bits that the hardware ignores in an invalid entry, and leaves to software in a
// valid one: a leaf that grants nothing is told from no entry by it.
inline constexpr uint64_t kPteParked = 1 << 8;

constexpr Pte make_leaf(PhysAddr frame, PageAccess access, unsigned /* level */ = 0) {
    uint64_t flags =
        kPteAccessed | kPteDirty;  // set by us: hardware may trap instead of setting them
    // W without R is reserved; a page that can be written can be read.
    if (access.read || access.write) flags |= kPteRead;
    if (access.write) flags |= kPteWrite;
    if (access.execute) flags |= kPteExecute;
    flags |= access.user ? kPteUser : kPteGlobal;
    const bool granted = access.read || access.write || access.execute;
    return Pte{make_pte(raw(frame), flags | (granted ? kPteValid : kPteParked))};
}

constexpr Pte make_table(PhysAddr table) { return Pte{make_pte(raw(table), kPteTable)}; }

constexpr bool is_leaf(Pte entry, unsigned /* level */) {
    return (static_cast<uint64_t>(entry) & (kPteRead | kPteExecute | kPteParked)) != 0;
}

constexpr PhysAddr address_of(Pte entry) {
    return PhysAddr{static_cast<uint64_t>(entry) << 10 >> 20 << 12};
}

constexpr PageAccess access_of(Pte entry) {
    const uint64_t bits = static_cast<uint64_t>(entry);
    return {(bits & kPteRead) != 0, (bits & kPteWrite) != 0, (bits & kPteExecute) != 0,
            (bits & kPteUser) != 0};
}

// With an address SFENCE.VMA orders reads of leaf entries only (privileged specification, "Supervisor
// Memory-Management Fence Instruction"): who changes an entry that leads to a table flushes all.
inline constexpr bool kPageFlushTakesTables = false;
inline void flush_page(uint64_t address) {
    asm volatile("sfence.vma %0" ::"r"(address) : "memory");
}
inline void flush_user_tlb() { asm volatile("sfence.vma" ::: "memory"); }

inline void load_page_table(PhysAddr root) {
    constexpr uint64_t kSv39 = 8ull << 60;
    asm volatile("csrw satp, %0\n sfence.vma" ::"r"(kSv39 | raw(root) >> 12) : "memory");
}

}  // namespace arch
