// The first instructions of the kernel on every hart: from OpenSBI, physical addresses and no page
// table, to C++ in the high half with a stack and a per-CPU block. Next to read: main.cc.
//
//   virtual                                    physical
//   0xffffffff80000000  kernel image           0x80000000   one gigapage, read write execute
//   0xffffffff40000000  kernel stacks          (bss)        4 KiB pages with guards, ../map_stacks.cc
//   0xffffffc000000000  direct map             0            64 gigapages, read write
//   0x0000000080000000  the image once more    0x80000000   until the last hart runs in the high half
#include "arch/riscv64/asm.h"

.set PTE_KERNEL_RWX, 0xef       // D A G X W R V: QEMU would set A and D itself, hardware need not
.set PTE_KERNEL_RW, 0xe7

    .section .text.boot, "ax"

// The boot hart. a0 = hart id, a1 = physical address of the device tree (SBI specification, "boot").
FUNCTION boot_entry
    // 1. Interrupts off, no trap vector yet.
    csrw sie, zero
    csrci sstatus, STATUS_SIE
    // OpenSBI before 1.3 may start another hart with what the boot hart was started with: it marks the
    // hart as starting before it writes the address and the argument down. Only the first is the first.
    la t0, boot_hart_is_here
    li t1, 1
    amoswap.w.aqrl t1, t1, (t0)
    beqz t1, 1f
    la t0, starting_cpu
    ld a1, 0(t0)
    j secondary_entry
1:  // 2. Zero the bss (physical addresses: pc-relative code runs where it was loaded).
    la t0, bss_begin
    la t1, bss_end
1:  bgeu t0, t1, 2f
    sd zero, 0(t0)
    addi t0, t0, 8
    j 1b
2:  // 3. A stack for the code that maps the real stacks: the top of CPU 0's, by its image address.
    mv s0, a0
    mv s1, a1
    li s2, 0
    jal enable_paging
    la sp, boot_stacks + KERNEL_STACK_SIZE
    call map_stacks
    j to_cpp
END_FUNCTION boot_entry

// Any other hart, started through SBI HSM. a0 = hart id, a1 = the CPU's index.
FUNCTION secondary_entry
    csrw sie, zero
    csrci sstatus, STATUS_SIE
    mv s0, a0
    mv s1, a1
    mv s2, a1
    jal enable_paging
    j to_cpp
END_FUNCTION secondary_entry

// Turns translation on and returns to the caller's high-half address. Uses t0 and t1.
enable_paging:
    la t0, kernel_root
    srli t0, t0, 12
    li t1, 8 << 60              // Sv39
    or t0, t0, t1
    sfence.vma
    csrw satp, t0
    sfence.vma
    li t0, 0xffffffff80000000 - 0x80000000
    add ra, ra, t0
    ret

// s0 = hart id, s1 = device tree or index, s2 = CPU index: on the CPU's own stack, into C++.
to_cpp:
    call cpu_for_index_in_s2
    mv tp, a0
    li t0, 0xffffffff40000000
    addi t1, s2, 1
    slli t1, t1, 15             // a slot is a guard of 16 KiB and a stack of 16 KiB above it
    add sp, t0, t1
    mv a0, s0
    mv a1, s1
    mv fp, zero                 // the end of every backtrace; fp is s0
    bnez s2, 1f
    call kernel_main
1:  call secondary_main

// tp is not there yet, so this is not a C++ function: a0 = &cpus[s2].
cpu_for_index_in_s2:
    la a0, cpu_block_size
    ld a0, 0(a0)
    mul a0, a0, s2
    la t0, cpu_blocks
    add a0, a0, t0
    ret

    .data
    .balign 8
boot_hart_is_here:
    .quad 0
    .globl starting_cpu
starting_cpu:                                   // the index of the CPU that start_cpu() starts
    .quad 0
    .balign 4096
    .globl kernel_root, kernel_gigabytes
kernel_root:
kernel_gigabytes:                               // the root itself: an entry of it is a gigabyte
    .zero 2 * 8
    .quad (2 << 28) | PTE_KERNEL_RWX            // removed by forget_boot_mapping()
    .zero (256 - 3) * 8
    .set gigabyte, 0
    .rept 64
    .quad (gigabyte << 28) | PTE_KERNEL_RW
    .set gigabyte, gigabyte + 1
    .endr
    .zero (509 - 256 - 64) * 8
    .quad 0                                     // 509: kernel stacks, ../map_stacks.cc
    .quad (2 << 28) | PTE_KERNEL_RWX            // 510: the image
    .quad 0
