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

// The physical address of a symbol, which lies in the image.
#define PHYSICAL(symbol) ((symbol) - KERNEL_IMAGE_BASE)

// Page tables that hold the code that runs where it runs, and long mode; a far jump to KERNEL_CS makes it
// 64-bit code. From 16 or 32 bits, without paging. Changes eax, ecx and edx.
.macro ENTER_LONG_MODE
    movl $CR4_LONG_MODE, %eax
    movl %eax, %cr4
    movl $PHYSICAL(boot_root), %eax
    movl %eax, %cr3
    movl $MSR_EFER, %ecx
    movl $EFER_LONG_MODE, %eax
    xorl %edx, %edx
    wrmsr
    movl $CR0_LONG_MODE, %eax
    movl %eax, %cr0
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
