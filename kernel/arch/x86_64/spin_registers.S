// All registers but rsp at once, while traps come and go. Contract: arch/spin_registers.h.
#include "arch/x86_64/asm.h"
    .text

// Stores (op: `movq reg, element`) or loads (the other way round) all but rsp, rdi, r14 and r15.
.macro STORE_REGISTERS base
    .set element, 0
    .irp reg, rax, rbx, rcx, rdx, rsi, rbp, r8, r9, r10, r11, r12, r13
    movq %\reg, element(\base)
    .set element, element + 8
    .endr
.endm

.macro LOAD_REGISTERS base
    .set element, 0
    .irp reg, rax, rbx, rcx, rdx, rsi, rbp, r8, r9, r10, r11, r12, r13
    movq element(\base), %\reg
    .set element, element + 8
    .endr
.endm

// void spin_with_registers(const uint64_t* patterns, uint64_t* seen, uint64_t rounds)
// Elements 0 to 11 belong to the registers above, 12 to rdi, 26 to r14 and 27 to r15; the others belong
// to none. r15 counts down to r14: when the loop is over r15 is known, so it can be the base for
// storing the others.
FUNCTION spin_with_registers
    // 1. What the caller wants back, and what must be found again afterwards.
    .irp reg, r12, r13, r14, r15, rbx, rbp, rsi
    pushq %\reg
    .endr
    // 2. Elements of no register are what they were.
    .irp n, 13,14,15,16,17,18,19,20,21,22,23,24,25,28,29,30,31
    movq \n*8(%rdi), %rax
    movq %rax, \n*8(%rsi)
    .endr
    // 3. The patterns; rdi is the base until the end.
    movq 26*8(%rdi), %r14
    leaq (%r14, %rdx), %r15
    LOAD_REGISTERS %rdi
    movq 12*8(%rdi), %rdi
    // 4. Whoever interrupts this must bring everything back.
1:  decq %r15
    cmpq %r14, %r15
    jne 1b
    // 5. What is left.
    movq (%rsp), %r15
    STORE_REGISTERS %r15
    movq %rdi, 12*8(%r15)
    movq %r14, 26*8(%r15)
    movq %r14, 27*8(%r15)
    // 6. Back to C++.
    .irp reg, rsi, rbp, rbx, r15, r14, r13, r12
    popq %\reg
    .endr
    ret
END_FUNCTION spin_with_registers
