// From user mode to the kernel: stvec points here while a program runs (enter_user, user_entry.S).
#include "arch/riscv64/asm.h"
    .text

// The CPU jumps here on any trap from user mode: sepc is the program's pc, scause and stval say why,
// interrupts are off, and all 31 registers still hold the program's values. sscratch holds the
// UserContext, put there by enter_user: swapping it with a0 gives a base and loses nothing.
//   1. All 31 registers into the context, a0's value too (it is in sscratch now).
//   2. pc and sstatus into the context.
//   3. The kernel's sp and tp from the context; stvec = kernel_trap, for we are in the kernel now.
//   4. Return from enter_user as a function does: ra and s0..s11 from the stack, sp as it was;
//      the result is a UserTrap: a0 = scause, a1 = stval.
// ROOM traps.6 begin: trap from user mode
FUNCTION user_trap
    // 1. The program's registers.
    csrrw a0, sscratch, a0
    .irp n, 1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sd x\n, CONTEXT_X(\n)(a0)
    .endr
    csrr t0, sscratch
    sd t0, CONTEXT_X(10)(a0)
    // 2. Where it was, and in which state.
    csrr t0, sepc
    sd t0, CONTEXT_PC(a0)
    csrr t0, sstatus
    sd t0, CONTEXT_STATUS(a0)
    // 3. The kernel's stack and CPU; traps from now on are the kernel's own.
    ld sp, CONTEXT_KERNEL_SP(a0)
    ld tp, CONTEXT_KERNEL_TP(a0)
    la t0, kernel_trap
    csrw stvec, t0
    // 4. Back to the caller of enter_user.
    ld ra, 0(sp)
    .set slot, 8
    .irp reg, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11
    ld \reg, slot(sp)
    .set slot, slot + 8
    .endr
    addi sp, sp, 112
    csrr a0, scause
    csrr a1, stval
    ret
END_FUNCTION user_trap
// ROOM traps.6 end
