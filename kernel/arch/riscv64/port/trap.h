// riscv64: why a trap was taken, as the hardware says it. Contract: arch/trap.h.
#pragma once
#include <cstdint>

namespace arch {

// The two registers that describe a trap (privileged specification, "Supervisor Cause Register").
struct TrapCause {
    uint64_t cause;  // scause: bit 63 set for interrupts
    uint64_t value;  // stval: the address or the instruction, if any
};

inline constexpr uint64_t kInterruptBit = 1ull << 63;

enum class InterruptCode : uint64_t { kSoftware = 1, kTimer = 5, kExternal = 9 };

enum class ExceptionCode : uint64_t {
    kInstructionMisaligned = 0,
    kInstructionAccess = 1,
    kIllegalInstruction = 2,
    kBreakpoint = 3,
    kLoadMisaligned = 4,
    kLoadAccess = 5,
    kStoreMisaligned = 6,
    kStoreAccess = 7,
    kUserCall = 8,
    kInstructionPageFault = 12,
    kLoadPageFault = 13,
    kStorePageFault = 15,
};

}  // namespace arch
