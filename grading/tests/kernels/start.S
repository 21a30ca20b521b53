# The tiny kernel of the grader's own tests: entry, one trap path, one way to user mode.
    .section .text.start, "ax"
    .globl _start
_start:
    la sp, boot_stack_top
    mv a0, a1
    call kernel_main
1:  wfi
    j 1b

# void enter_user(Registers*): loads all of them, goes to user mode; a trap ends in handle_trap.
    .globl enter_user
enter_user:
    csrw sscratch, a0
    ld t0, 256(a0)
    csrw sepc, t0
    mv t6, a0
    .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    ld x\n, 8*\n(t6)
    .endr
    ld x31, 8*31(x31)
    sret

    .align 2
    .globl trap_entry
trap_entry:
    csrrw t6, sscratch, t6
    .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    sd x\n, 8*\n(t6)
    .endr
    mv a0, t6
    csrrw t6, sscratch, t6
    sd t6, 8*31(a0)
    csrr t0, sepc
    sd t0, 256(a0)
    la sp, boot_stack_top
    call handle_trap
1:  j 1b

    .bss
    .align 12
    .space 16384
boot_stack_top:
