// The general registers of x86-64, for cairn/cpu.h.
#pragma once

#include <stdint.h>

namespace cairn {

inline constexpr int kRegisters = 16;
inline constexpr const char* kRegisterNames[kRegisters] = {"rax", "rbx", "rcx", "rdx", "rsi", "rdi",
                                                           "rbp", "rsp", "r8",  "r9",  "r10", "r11",
                                                           "r12", "r13", "r14", "r15"};
inline constexpr int kNumberRegister = 0;  // rax
inline constexpr int kResultRegister = 0;  // rax too
inline constexpr int kStackRegister = 7;   // rsp
// Some CPUs fault on the way back to a program whose stack pointer is no canonical address: bit 47 and those
// above it must be the same.
inline constexpr int kAddressBits = 48;
inline constexpr int kLimitRegister = 14;    // r14: what r15 counts down to
inline constexpr int kCountRegister = 15;    // r15
inline constexpr int kAddressRegister = 15;  // r15
// The syscall instruction itself puts the return address into rcx and the flags into r11.
inline constexpr bool changed_by_call(int i) { return i == 2 || i == 11; }
// How much of the number register Linux looks at.
inline constexpr int kCallNumberBits = 32;

// An int3 has happened when it is reported: the pc is behind its one byte.
inline constexpr int kBreakpointBytes = 1;

// xmm0 to xmm15 in two halves each, mm0 to mm7, the upper halves of ymm0 to ymm15 in two halves each (where
// there are none, they stay as they are), mxcsr.
inline constexpr int kFloatRegisters = 73;
inline constexpr uint64_t kFloatControlMask = 0x603F;

// Of this tree's kernel: where it sees RAM, in its own half. To Linux, an address like any other there.
inline constexpr uint64_t kKernelsView = 0xFFFF8880'01000000;

}  // namespace cairn
