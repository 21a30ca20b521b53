// Where the gates of the IDT lead (descriptors.cc): a stub for each vector, all of one size. It completes
// what the CPU has pushed, so that whoever comes next finds one shape of stack:
//
//     + 48: ss       the interrupted code's, pushed by the CPU after it had changed
//     + 40: rsp      to the stack of the task-state segment, if it was in user mode
//     + 32: rflags
//     + 24: cs       its two lowest bits: the mode that was interrupted, 0 or 3
//     + 16: rip
//     +  8: error code, or 0 for vectors that have none
//    rsp →: vector
//
// Next to read: user_trap.S, kernel_trap.S.
#include "arch/x86_64/asm.h"
    .text

    .balign 16
    .globl vector_stubs
vector_stubs:
    .set vector, 0
    .rept 256
    .balign VECTOR_STUB_SIZE
    // These push an error code themselves (Intel SDM volume 3, "Exceptions and Interrupts", table).
    .if vector == 8 || vector >= 10 && vector <= 14 || vector == 17 || vector == 21
    .elseif vector == 29 || vector == 30
    .else
    pushq $0
    .endif
    pushq $vector
    .if vector == VECTOR_NMI
    jmp nmi_trap
    .elseif vector == VECTOR_DOUBLE_FAULT || vector == VECTOR_MACHINE_CHECK
    jmp fatal_trap
    .else
    jmp trap_of_vector
    .endif
    .set vector, vector + 1
    .endr

// Who was interrupted?
trap_of_vector:
    testb $3, 24(%rsp)
    jnz user_trap
    jmp kernel_trap
