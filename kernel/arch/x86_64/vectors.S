// Where the gates lead: a stub for each vector.
#include "arch/x86_64/asm.h"
    .text
    .balign 16
    .globl vector_stubs
vector_stubs:
    .set vector, 0
    .rept 256
    .balign VECTOR_STUB_SIZE
    pushq $vector
    jmp kernel_trap
    .set vector, vector + 1
    .endr
