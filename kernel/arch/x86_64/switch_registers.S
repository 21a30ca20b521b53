// All registers that a function keeps, across switch_context. Contract: arch/switch_registers.h.
#include "arch/x86_64/asm.h"
    .text

// void switch_with_registers(KernelContext& from, const KernelContext& to, const uint64_t* patterns,
//                            uint64_t* seen)
// Elements belong to rbx, rbp, r12, r13, r14, r15.
FUNCTION switch_with_registers
    // 1. What the caller wants back, and `seen`: seven words, so the stack is aligned for a call.
    .irp reg, rbx, rbp, r12, r13, r14, r15, rcx
    pushq %\reg
    .endr
    // 2. The patterns, and away.
    .set element, 0
    .irp reg, rbx, rbp, r12, r13, r14, r15
    movq element(%rdx), %\reg
    .set element, element + 8
    .endr
    call switch_context
    // 3. What is left.
    popq %rcx
    .set element, 0
    .irp reg, rbx, rbp, r12, r13, r14, r15
    movq %\reg, element(%rcx)
    .set element, element + 8
    .endr
    // 4. Back to C++.
    .irp reg, r15, r14, r13, r12, rbp, rbx
    popq %\reg
    .endr
    ret
END_FUNCTION switch_with_registers
