// The first instructions of the kernel: from the firmware, 32-bit code without page tables, to C++ in
// the high half with a stack and a per-CPU block. The other CPUs: secondary.S. Next to read: main.cc.
//
//   virtual                                    physical
//   0xffffffff80000000  kernel image           0            4 KiB pages by section, map_image.cc
//   0xffffffff40000000  kernel stacks          (bss)        4 KiB pages with guards, ../map_stacks.cc
//   0xffff888000000000  direct map             0            4 GiB in pages of 2 MiB, read write
// boot_root has the image at its physical addresses too, until a CPU runs in the high half.
#include "arch/x86_64/asm.h"

.set PTE_TABLE, 0x07            // user write present: entries further down say what is forbidden
.set PTE_HUGE_RW, 0xe3          // huge page, D A, write present
.set PTE_HUGE_RW_GLOBAL, 0x1e3
.set NO_EXECUTE, 1 << 63

// By this note QEMU and other loaders find the entry (Xen, public/elfnote.h: XEN_ELFNOTE_PHYS32_ENTRY).
    .section .note.pvh, "a", @note
    .balign 4
    .long 4, 8, 18
    .asciz "Xen"
    .quad PHYSICAL(boot_entry)

    .section .text.boot, "ax"

// The boot CPU. ebx = physical address of the start info (Xen, docs/misc/pvh.pandoc). Flat segments.
    .code32
FUNCTION boot_entry
    cli
    cld
    movl %ebx, %esi
    // 1. Zero the bss, at its physical address.
    movl $PHYSICAL(bss_begin), %edi
    movl $PHYSICAL(bss_end), %ecx
    subl %edi, %ecx
    shrl $2, %ecx
    xorl %eax, %eax
    rep stosl
    // 2. Page tables that hold this code at the address where it runs; long mode.
    ENTER_LONG_MODE
    lgdt PHYSICAL(boot_descriptors)
    ljmp $KERNEL_CS, $PHYSICAL(boot_in_long_mode)
    .code64
boot_in_long_mode:
    movq $boot_in_high_half, %rax
    jmp *%rax
boot_in_high_half:
    // 3. The final table. A stack for the code that fills it: the top of CPU 0's, by its image address.
    movq $PHYSICAL(kernel_root), %rax
    movq %rax, %cr3
    leaq boot_stacks + KERNEL_STACK_SIZE(%rip), %rsp
    movl %esi, %r12d
    xorl %ebp, %ebp
    call map_stacks
    call map_image
    xorl %edi, %edi
    movq %r12, %rsi
    jmp enter_cpp
END_FUNCTION boot_entry

// edi = the CPU's index, rsi = the start info: on the CPU's own stack, with its block, into C++.
FUNCTION enter_cpp
    movl %edi, %r12d
    movq %rsi, %r13
    // The descriptors at their final address. Null segments but the stack's; GS begins at this CPU's block.
    lgdt kernel_descriptors(%rip)
    xorl %eax, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    movl $KERNEL_DS, %eax
    movl %eax, %ss
    movq cpu_block_size(%rip), %rax
    imulq %r12, %rax
    addq $cpu_blocks, %rax
    movq %rax, %rdx
    shrq $32, %rdx
    movl $MSR_GS_BASE, %ecx
    wrmsr
    // A slot is a guard of 16 KiB and a stack of 16 KiB above it.
    leaq 1(%r12), %rax
    shlq $15, %rax
    movq $KERNEL_STACK_AREA, %rsp
    addq %rax, %rsp
    xorl %ebp, %ebp             // the end of every backtrace
    movl %r12d, %edi
    call prepare_cpu
    xorl %edi, %edi
    movq %r13, %rsi
    testl %r12d, %r12d
    jnz 1f
    call kernel_main
1:  call secondary_main
END_FUNCTION enter_cpp

    .data
    .balign 8
boot_descriptors:               // for lgdt: before the high half is there, and after
    .word DESCRIPTORS_SIZE - 1
    .long PHYSICAL(descriptors)
kernel_descriptors:
    .word DESCRIPTORS_SIZE - 1
    .quad descriptors

    .balign 4096
    .globl boot_root
boot_root:
    .quad PHYSICAL(boot_low) + PTE_TABLE
    .zero 272 * 8
    .quad PHYSICAL(direct_map_table) + PTE_TABLE
    .zero (511 - 274) * 8
    .quad PHYSICAL(kernel_gigabytes) + PTE_TABLE
boot_low:
    .quad PHYSICAL(boot_image) + PTE_TABLE
    .zero 511 * 8
boot_image:                     // 8 MiB from physical 0 on
    .quad 0x000000 + PTE_HUGE_RW, 0x200000 + PTE_HUGE_RW
    .quad 0x400000 + PTE_HUGE_RW, 0x600000 + PTE_HUGE_RW
    .zero 508 * 8
    .globl kernel_root
kernel_root:
    .zero 273 * 8
    .quad PHYSICAL(direct_map_table) + PTE_TABLE
    .zero (511 - 274) * 8
    .quad PHYSICAL(kernel_gigabytes) + PTE_TABLE
direct_map_table:
    .set gigabyte, 0
    .rept 4
    .quad PHYSICAL(direct_map_gigabytes) + 4096 * gigabyte + PTE_TABLE
    .set gigabyte, gigabyte + 1
    .endr
    .zero (512 - 4) * 8
direct_map_gigabytes:
    .set piece, 0
    .rept 4 * 512
    .quad (piece << 21) + PTE_HUGE_RW_GLOBAL + NO_EXECUTE
    .set piece, piece + 1
    .endr
    .globl kernel_gigabytes
kernel_gigabytes:
    .zero 510 * 8               // 509: kernel stacks, ../map_stacks.cc
    .quad PHYSICAL(boot_image) + PTE_TABLE  // 510: until map_image.cc gives each section its rights
    .quad 0
