// Traps while the kernel itself runs: a device or the timer interrupts it, or it made a mistake.
// stvec points here except while user mode runs.
#include "arch/riscv64/asm.h"
    .text

// Provided. A trap pushes a frame on the stack that is in use; if that stack is full, the push would
// trap again, for ever. So first see whether sp has room for a frame within this CPU's stack or its
// emergency stack; if in neither, remember sp and go on on the emergency stack, where the handler
// tells what happened. t0 is parked in sscratch, which the kernel does not need while it runs.
FUNCTION kernel_trap
    csrw sscratch, t0
    ld t0, CPU_STACK_LOW(tp)
    sub t0, sp, t0
    addi t0, t0, -FRAME_SIZE
    srli t0, t0, 14                     // KERNEL_STACK_SIZE: zero if sp lies in the stack
    beqz t0, 1f
    ld t0, CPU_EMERGENCY_TOP(tp)
    sub t0, t0, sp
    srli t0, t0, 12                     // the emergency stack has one page
    beqz t0, 1f
    sd sp, CPU_OVERFLOWED_SP(tp)
    ld sp, CPU_EMERGENCY_TOP(tp)
1:  csrr t0, sscratch
    j kernel_trap_with_stack
END_FUNCTION kernel_trap

// The kernel's registers are all in use, the stack is good, interrupts are off. Whoever was
// interrupted must not notice, even if handling this trap is interrupted by another:
//   1. Make room for a KernelFrame (FRAME_SIZE bytes) on the stack and save all registers in it;
//      x2 is sp: save the value it had before.
//   2. Save sepc, sstatus, scause and stval as well: a nested trap overwrites those registers.
//   3. handle_kernel_trap(frame) in C++ (entry/kernel_trap.cc).
//   4. Restore sepc and sstatus, then all registers, sp last; sret.
// ROOM traps.7 begin: trap in the kernel
FUNCTION kernel_trap_with_stack
    // 1. Every register.
    addi sp, sp, -FRAME_SIZE
    .irp n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sd x\n, FRAME_X(\n)(sp)
    .endr
    addi t0, sp, FRAME_SIZE
    sd t0, FRAME_X(2)(sp)
    // 2. What a nested trap would overwrite.
    csrr t0, sepc
    sd t0, FRAME_PC(sp)
    csrr t0, sstatus
    sd t0, FRAME_STATUS(sp)
    csrr t0, scause
    sd t0, FRAME_CAUSE(sp)
    csrr t0, stval
    sd t0, FRAME_VALUE(sp)
    // 3. The work.
    mv a0, sp
    call handle_kernel_trap
    // 4. All as it was.
    ld t0, FRAME_PC(sp)
    csrw sepc, t0
    ld t0, FRAME_STATUS(sp)
    csrw sstatus, t0
    .irp n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    ld x\n, FRAME_X(\n)(sp)
    .endr
    ld sp, FRAME_X(2)(sp)
    sret
END_FUNCTION kernel_trap_with_stack
// ROOM traps.7 end
