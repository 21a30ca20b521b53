// The registers of RISC-V, for cairn/cpu.h: element i is register x(i+1).
#pragma once

#include <stdint.h>

namespace cairn {

inline constexpr int kRegisters = 31;
inline constexpr const char* kRegisterNames[kRegisters] = {
    "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0", "a1",
    "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5", "s6",
    "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};
inline constexpr int kNumberRegister = 16;   // a7
inline constexpr int kResultRegister = 9;    // a0
inline constexpr int kStackRegister = 1;     // sp
inline constexpr int kAddressBits = 64;      // that a stack pointer may have as it likes
inline constexpr int kLimitRegister = 25;    // s10: what s11 counts down to
inline constexpr int kCountRegister = 26;    // s11
inline constexpr int kAddressRegister = 26;  // s11
// Registers that the call instruction itself changes: none.
inline constexpr bool changed_by_call(int) { return false; }
// How much of the number register Linux looks at.
inline constexpr int kCallNumberBits = 64;

// How far the pc of a breakpoint's report is behind it.
inline constexpr int kBreakpointBytes = 0;

inline constexpr int kFloatRegisters = 33;  // f0 to f31, fcsr
inline constexpr uint64_t kFloatControlMask = 0x7F;

// Of this tree's kernel: where it sees RAM, in its own half. To Linux, an address like any other there.
inline constexpr uint64_t kKernelsView = 0xFFFFFFC0'80000000;

}  // namespace cairn
