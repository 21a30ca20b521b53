// All registers but sp and tp at once, while traps come and go. Contract: arch/spin_registers.h.
#include "arch/riscv64/asm.h"
    .text

// void spin_with_registers(const uint64_t* patterns, uint64_t* seen, uint64_t rounds)
// Element n belongs to register xn. s11 counts down to s10: when the loop is over s11 is known, so it
// can be the base for storing the others.
FUNCTION spin_with_registers
    // 1. What the caller wants back, and what must be found again afterwards.
    addi sp, sp, -144
    sd ra, 0(sp)
    .set slot, 8
    .irp reg, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11
    sd \reg, slot(sp)
    .set slot, slot + 8
    .endr
    sd gp, 104(sp)
    sd a0, 112(sp)
    sd a1, 120(sp)
    // 2. The patterns; a0 is the base until the end.
    ld t0, 26*8(a0)
    add s11, t0, a2
    .irp n, 1,3,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,28,29,30,31
    ld x\n, \n*8(a0)
    .endr
    ld a0, 80(a0)
    // 3. Whoever interrupts this must bring everything back.
1:  addi s11, s11, -1
    bne s11, s10, 1b
    // 4. What is left.
    ld s11, 120(sp)
    .irp n, 1,3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,28,29,30,31
    sd x\n, \n*8(s11)
    .endr
    sd s10, 27*8(s11)
    ld t0, 112(sp)
    .irp n, 0,2,4
    ld t1, \n*8(t0)
    sd t1, \n*8(s11)
    .endr
    // 5. Back to C++.
    ld ra, 0(sp)
    .set slot, 8
    .irp reg, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11
    ld \reg, slot(sp)
    .set slot, slot + 8
    .endr
    ld gp, 104(sp)
    addi sp, sp, 144
    ret
END_FUNCTION spin_with_registers
