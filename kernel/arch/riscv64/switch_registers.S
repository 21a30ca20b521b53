// All registers that a function keeps, across switch_context. Contract: arch/switch_registers.h.
#include "arch/riscv64/asm.h"
    .text

// void switch_with_registers(KernelContext& from, const KernelContext& to, const uint64_t* patterns,
//                            uint64_t* seen)
// Element n belongs to register sn.
FUNCTION switch_with_registers
    // 1. What the caller wants back, and `seen`.
    addi sp, sp, -112
    sd ra, 96(sp)
    sd a3, 104(sp)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    sd s\n, 8*\n(sp)
    .endr
    // 2. The patterns, and away.
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    ld s\n, 8*\n(a2)
    .endr
    call switch_context
    // 3. What is left.
    ld t0, 104(sp)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    sd s\n, 8*\n(t0)
    .endr
    // 4. Back to C++.
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    ld s\n, 8*\n(sp)
    .endr
    ld ra, 96(sp)
    addi sp, sp, 112
    ret
END_FUNCTION switch_with_registers
