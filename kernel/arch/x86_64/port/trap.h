// x86_64: why a trap was taken, as the hardware says it. Contract: arch/trap.h.
#pragma once
#include <cstdint>

namespace arch {

// The low half of `cause` is the vector, the upper half the error code that the CPU pushed, or 0
// (Intel SDM volume 3, "Interrupt and Exception Handling").
struct TrapCause {
    uint64_t cause;
    uint64_t value;  // CR2, the address, after a page fault; else 0

    constexpr uint64_t vector() const { return cause & 0xffff'ffff; }
    constexpr uint64_t error_code() const { return cause >> 32; }
};

// 0 to 31 are the CPU's own; the others are what the kernel programmed the interrupt controllers to
// send, or does not use.
enum class Vector : uint64_t {
    kDivideError = 0,
    kDebug = 1,
    kNonMaskableInterrupt = 2,
    kBreakpoint = 3,
    kInvalidOpcode = 6,
    kDoubleFault = 8,
    kSegmentNotPresent = 11,
    kStackFault = 12,
    kGeneralProtection = 13,
    kPageFault = 14,
    kFloatingPoint = 16,
    kAlignmentCheck = 17,
    kMachineCheck = 18,
    kVectorFloatingPoint = 19,

    kTimer = 0x20,
    kIpi = 0x21,
    kFirstDevice = 0x30,  // the I/O APIC's inputs, one behind another
    kLastDevice = 0x5f,
    kSpurious = 0xff,  // the local APIC's, when an interrupt went away before it was taken

    kSystemCall = 0x100,  // no vector of the hardware's: SYSCALL has an entry of its own
};

// The error code of a page fault.
inline constexpr uint64_t kPageFaultWrite = 2;
inline constexpr uint64_t kPageFaultFetch = 16;

}  // namespace arch
