// From the kernel to user mode. user_loop (entry/user_loop.cc) calls enter_user like any function; it
// returns when user mode ends, through user_trap (user_trap.S), which undoes what is done here.
#include "arch/riscv64/asm.h"
    .text

// UserTrap enter_user(UserContext& context)                          context: a0; interrupts are off
//
// Runs the program whose registers are in `context` until its next trap.
//   1. Keep what the caller of a function expects back (ra, s0..s11) on the kernel stack, and where
//      that stack is, and tp, in the context: user_trap finds both there.
//   2. The next trap comes from user mode: stvec = user_trap, sscratch = the context.
//   3. sepc and sstatus from the context (its SPP is 0, its SPIE is 1: sret goes to user mode with
//      interrupts on).
//   4. All 31 registers from the context, the one that points to it last; sret.
// The stack while user mode runs (13 words and one of padding: sp stays a multiple of 16):
//     sp + 0: ra    sp + 8: s0    …    sp + 96: s11
// ROOM traps.5 begin: enter user mode
FUNCTION enter_user
    // 1. The kernel's own registers.
    addi sp, sp, -112
    sd ra, 0(sp)
    .set slot, 8
    .irp reg, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11
    sd \reg, slot(sp)
    .set slot, slot + 8
    .endr
    sd sp, CONTEXT_KERNEL_SP(a0)
    sd tp, CONTEXT_KERNEL_TP(a0)
    // 2. Where the next trap goes, and what it finds there.
    la t0, user_trap
    csrw stvec, t0
    csrw sscratch, a0
    // 3. Where user mode goes on.
    ld t0, CONTEXT_PC(a0)
    csrw sepc, t0
    ld t0, CONTEXT_STATUS(a0)
    csrw sstatus, t0
    // 4. The program's registers; a0 is the base until the end.
    .irp n, 1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    ld x\n, CONTEXT_X(\n)(a0)
    .endr
    ld a0, CONTEXT_X(10)(a0)
    sret
END_FUNCTION enter_user
// ROOM traps.5 end
