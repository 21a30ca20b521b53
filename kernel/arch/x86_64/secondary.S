// The first instructions of every other CPU: real mode at SECONDARY_START, where start_cpu (cpu.cc) has
// copied them, straight into long mode. Then as the boot CPU: enter_cpp (boot.S).
#include "arch/x86_64/asm.h"

#define COPIED(symbol) (SECONDARY_START + (symbol) - secondary_begin)

    .section .text.boot, "ax"
    .globl secondary_begin, secondary_end
    .code16
secondary_begin:
    cli
    cld
    xorw %ax, %ax
    movw %ax, %ds
    lgdtl COPIED(secondary_descriptors)
    ENTER_LONG_MODE
    ljmpl $KERNEL_CS, $COPIED(secondary_in_long_mode)
    .balign 4
secondary_descriptors:
    .word DESCRIPTORS_SIZE - 1
    .long PHYSICAL(descriptors)
    .code64
secondary_in_long_mode:
    movq $secondary_entry, %rax
    jmp *%rax
secondary_end:

FUNCTION secondary_entry
    movq $PHYSICAL(kernel_root), %rax
    movq %rax, %cr3
    movl starting_cpu(%rip), %edi
    xorl %esi, %esi
    jmp enter_cpp
END_FUNCTION secondary_entry

    .data
    .balign 4
    .globl starting_cpu
starting_cpu:                   // the index of the CPU that start_cpu() starts
    .long 0
