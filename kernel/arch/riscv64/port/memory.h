// riscv64: the layout of addresses, Sv39. Contract: arch/memory.h. Filled by boot.S.
#pragma once
#include <cstdint>

namespace arch {

inline constexpr uint64_t kPageSize = 4096;
inline constexpr uint64_t kUserEnd = 1ull << 38;                // the low half
inline constexpr uint64_t kDirectMapBase = 0xffffffc000000000;  // physical 0
inline constexpr uint64_t kDirectMapSize = 64ull << 30;
inline constexpr uint64_t kKernelImageBase = 0xffffffff80000000;  // physical 0x80000000
inline constexpr uint64_t kKernelImagePhysical = 0x80000000;
inline constexpr uint64_t kKernelStackArea = 0xffffffff40000000;
inline constexpr uint64_t kKernelStackAreaSize = 1ull << 30;
inline constexpr uint64_t kKernelStackSize = 16384;
inline constexpr uint64_t kKernelStackSlot = 2 * kKernelStackSize;  // a guard below each stack

// A page-table entry (privileged specification, "Sv39"). A and D are set by us.
inline constexpr uint64_t kPteValid = 1, kPteRead = 2, kPteWrite = 4, kPteExecute = 8,
                          kPteUser = 16, kPteGlobal = 32, kPteAccessed = 64, kPteDirty = 128;
inline constexpr uint64_t kPteTable = kPteValid;

constexpr uint64_t make_pte(uint64_t physical, uint64_t flags) {
    return (physical >> 12) << 10 | flags;
}

inline void flush_local_tlb() { asm volatile("sfence.vma" ::: "memory"); }

}  // namespace arch
