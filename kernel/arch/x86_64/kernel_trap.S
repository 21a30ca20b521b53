// Traps while the kernel itself runs: a device or the timer interrupts it, or it made a mistake.
#include "arch/x86_64/asm.h"
    .text

// The kernel's registers are all in use, the stack is good, interrupts are off; the CPU and the stub
// (vectors.S) pushed the frame's last seven words, rsp points to the vector (FRAME_VECTOR). GS is the
// kernel's already. Whoever was interrupted must not notice, even if another trap interrupts this one:
//   1. Push the other 15 registers, in the order of a frame, last one first; then CR2 twice (a nested
//      page fault would overwrite it; the second word is padding): a KernelFrame.
//   2. C++ wants the direction flag clear, the kernel wants user memory shut: cld, clac.
//   3. handle_kernel_trap(frame) in C++ (entry/kernel_trap.cc). The stack is aligned as a call wants.
//   4. All of it back; drop the vector and the error code; iretq.
// ROOM traps.7 begin: trap in the kernel
FUNCTION kernel_trap
    // 1. Every register.
    .irp reg, r11, rcx, r15, r14, r13, r12, rbp, rbx, rax, r9, r8, r10, rdx, rsi, rdi
    pushq %\reg
    .endr
    movq %cr2, %rax
    pushq %rax
    pushq %rax
    // 2. As C++ wants it.
    cld
    clac
    // 3. The work.
    movq %rsp, %rdi
    call handle_kernel_trap
    // 4. All as it was.
    addq $KERNEL_FRAME_SLOTS, %rsp
    .irp reg, rdi, rsi, rdx, r10, r8, r9, rax, rbx, rbp, r12, r13, r14, r15, rcx, r11
    popq %\reg
    .endr
    addq $FRAME_RIP - FRAME_VECTOR, %rsp
    iretq
END_FUNCTION kernel_trap
// ROOM traps.7 end

// Provided. A stack that is full is noticed by the CPU itself: it cannot push the frame of whatever trap
// comes next, and takes a double fault instead, on a stack of its own. If the one in use has no room for
// a frame, remember where it was; the handler tells what happened. Machine checks come here too. GS may
// be the very thing that is wrong: the block's address stands above the frame (descriptors.cc), and
// nothing returns from here.
FUNCTION fatal_trap
    // 1. GS.
    pushq %rax
    pushq %rcx
    pushq %rdx
    movl $MSR_GS_BASE, %ecx
    movq 24 + FRAME_END - FRAME_VECTOR(%rsp), %rdx
    movl %edx, %eax
    shrq $32, %rdx
    wrmsr
    // 2. Is there room for a frame below rsp?
    movq 24 + FRAME_RSP - FRAME_VECTOR(%rsp), %rax
    leaq -KERNEL_FRAME_SLOTS - FRAME_END(%rax), %rcx
    subq %gs:CPU_STACK_LOW, %rcx
    cmpq $KERNEL_STACK_SIZE, %rcx
    jb 1f
    movq %rax, %gs:CPU_OVERFLOWED_SP
1:  popq %rdx
    popq %rcx
    popq %rax
    jmp kernel_trap
END_FUNCTION fatal_trap

// Provided. A non-maskable interrupt comes at any instruction, whether or not interrupts are on: also
// between the program's rsp and GS and the kernel's. So it has a stack of its own, and GS can neither be
// known nor be guessed from cs: it is loaded from above the frame as well, and given back as it was.
FUNCTION nmi_trap
    // 1. What C++ may change.
    .irp reg, rax, rcx, rdx, rsi, rdi, r8, r9, r10, r11, rbx
    pushq %\reg
    .endr
    cld
    clac
    // 2. GS; its base from before is kept in rbx, which C++ gives back.
    movl $MSR_GS_BASE, %ecx
    rdmsr
    movl %edx, %ebx
    shlq $32, %rbx
    orq %rax, %rbx
    movq 80 + FRAME_END - FRAME_VECTOR(%rsp), %rdx
    movl %edx, %eax
    shrq $32, %rdx
    wrmsr
    // 3. The work (nmi.cc): handle_nmi(pc). Ten words and a frame of seven: rsp needs one more.
    movq 80 + FRAME_RIP - FRAME_VECTOR(%rsp), %rdi
    subq $8, %rsp
    call handle_nmi
    addq $8, %rsp
    // 4. All as it was.
    movl $MSR_GS_BASE, %ecx
    movl %ebx, %eax
    movq %rbx, %rdx
    shrq $32, %rdx
    wrmsr
    .irp reg, rbx, r11, r10, r9, r8, rdi, rsi, rdx, rcx, rax
    popq %\reg
    .endr
    leaq FRAME_RIP - FRAME_VECTOR(%rsp), %rsp
    iretq
END_FUNCTION nmi_trap
