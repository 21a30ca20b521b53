// x86_64: the FPU's registers in memory, as XSAVE writes them. Contract: arch/fpu.h.
#pragma once
#include "port/user_context.h"

namespace arch {

// What XSAVE writes for the parts that boot allows: x87, SSE and, where the CPU has it, AVX. How many
// bytes those are, the CPU says (CPUID leaf 0xd); no CPU needs more for the three.
inline constexpr size_t kMostFpuBytes = 832;

// As made here it holds what the registers are at first: XRSTOR takes every part whose bit in the area's
// header is 0 for that, but MXCSR, which it always reads (Intel SDM volume 1, "Operation of XRSTOR").
struct alignas(64) FpuState {
    uint16_t x87_control = 0x37f;  // all exceptions masked, full precision
    uint8_t x87_[22] = {};
    uint32_t mxcsr = 0x1f80;  // all exceptions masked
    uint8_t rest_[kMostFpuBytes - 28] = {};
};
static_assert(sizeof(FpuState) == kMostFpuBytes && offsetof(FpuState, mxcsr) == 24);

// XGETBV tells which registers are not what they were at first, which is another question (and QEMU's
// answer is always: all of them). A trap on the first use, by CR0.TS, costs more than to save one time
// too many.
inline bool fpu_is_dirty(const UserContext&) { return true; }
inline void mark_fpu_clean(UserContext&) {}

// It always may: no register of this CPU keeps the kernel from it.
inline void allow_fpu_in_kernel() {}

}  // namespace arch
