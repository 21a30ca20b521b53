// riscv64: the FPU's registers in memory (offsets.h has the layout, static_asserts in context.cc), and what
// sstatus.FS tells of them. Contract: arch/fpu.h.
#pragma once
#include "port/user_context.h"

namespace arch {

struct FpuState {
    uint64_t f[32] = {};
    uint64_t fcsr = 0;
};

// sstatus.FS: Initial and Clean mean unwritten; the CPU makes it Dirty (privileged specification, "Extension
// Context Status").
inline constexpr uint64_t kFpuInitial = 1 << 13, kFpuClean = 2 << 13, kFpuDirty = 3 << 13;

inline bool fpu_is_dirty(const UserContext& context) {
    return (context.status & kFpuDirty) == kFpuDirty;
}

inline void mark_fpu_clean(UserContext& context) {
    context.status = (context.status & ~kFpuDirty) | kFpuClean;
}

inline void allow_fpu_in_kernel() { asm volatile("csrs sstatus, %0" ::"r"(kFpuInitial)); }

}  // namespace arch
