// Macros for this port's assembly. C++ does not include this file.
#pragma once
#include "arch/x86_64/offsets.h"

.macro FUNCTION name
    .globl \name
    .type \name, @function
    .balign 16
\name:
.endm

.macro END_FUNCTION name
    .size \name, . - \name
.endm

// The body of a room that is still open: says so and ends the run. It needs no valid register but GS:
// the CPU's emergency stack is a stack whatever state the code before it left behind.
//     TODO_ROOM traps.5
#define TODO_ROOM open_room __FILE__, __LINE__,

.macro open_room file, line, room
    movq %gs:CPU_EMERGENCY_TOP, %rsp
    leaq 9f(%rip), %rdi
    leaq 8f(%rip), %rsi
    movl $\line, %edx
    call open_room_in_assembly
    .pushsection .rodata
8:  .asciz "\file"
9:  .asciz "\room"
    .popsection
.endm
