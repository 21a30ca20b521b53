// From the kernel to user mode. user_loop (entry/user_loop.cc) calls enter_user like any function; it
// returns when user mode ends, through user_trap (user_trap.S), which undoes what is done here.
#include "arch/x86_64/asm.h"
    .text

// TrapCause enter_user(UserContext& context)                        context: rdi; interrupts are off
//
// Runs the program whose registers are in `context` until its next trap. The context has the shape of
// the stack that a trap leaves (port/user_context.h), so it serves as one, here and in user_trap.
//   1. Keep what the caller of a function expects back (rbx, rbp, r12 to r15) on the kernel stack,
//      and where that stack is in the context.
//   2. The next trap comes from user mode: the CPU shall push on a stack that ends behind the frame
//      in the context. It takes that address from the task-state segment, CPU_TSS_RSP0 in the block.
//   3. A pc of which bits 47 to 63 are not all equal is no address at all. Loading it would trap here
//      with the program's stack or GS already in place, depending on the CPU: so do not, and return
//      what user mode would have given, the cause VECTOR_GENERAL_PROTECTION and the value 0.
//   4. sysretq is fast, but it takes the pc from rcx and the flags from r11: it will do if these two
//      are equal to them anyway, as after a system call. Everything else returns by iretq, which pops
//      rip, cs, rflags, rsp and ss. Remember which, for step 6.
//   5. rsp = the context; pop all 15 registers. (pop and mov leave the CPU's flags alone.)
//   6. GS to the program's (swapgs), its rsp; sysretq or iretq. After swapgs %gs: is not the kernel's.
// The stack while user mode runs:
//     sp + 0: r15   + 8: r14   + 16: r13   + 24: r12   + 32: rbp   + 40: rbx   + 48: return address
// ROOM traps.5 begin: enter user mode
FUNCTION enter_user
    // 1. The kernel's own registers.
    .irp reg, rbx, rbp, r12, r13, r14, r15
    pushq %\reg
    .endr
    movq %rsp, CONTEXT_KERNEL_SP(%rdi)
    // 2. Where the next trap is pushed.
    leaq FRAME_END(%rdi), %rax
    movq %rax, %gs:CPU_TSS_RSP0
    // 3. Is the pc an address?
    movq FRAME_RIP(%rdi), %rax
    movq %rax, %rdx
    shlq $16, %rdx
    sarq $16, %rdx
    cmpq %rax, %rdx
    jne 2f
    // 4. Zero if sysretq will do.
    xorq FRAME_RCX(%rdi), %rax
    movq FRAME_RFLAGS(%rdi), %rdx
    xorq FRAME_R11(%rdi), %rdx
    movq %rdi, %rsp
    orq %rdx, %rax
    // 5. The program's registers.
    .irp reg, rdi, rsi, rdx, r10, r8, r9, rax, rbx, rbp, r12, r13, r14, r15, rcx, r11
    popq %\reg
    .endr
    // 6. Go.
    jnz 1f
    movq FRAME_RSP - FRAME_VECTOR(%rsp), %rsp
    swapgs
    sysretq
1:  addq $FRAME_RIP - FRAME_VECTOR, %rsp
    swapgs
    iretq
2:  addq $48, %rsp
    movl $VECTOR_GENERAL_PROTECTION, %eax
    xorl %edx, %edx
    ret
END_FUNCTION enter_user
// ROOM traps.5 end
