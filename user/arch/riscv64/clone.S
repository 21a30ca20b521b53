// long cpu_clone(flags, stack, parent_tid, child_tid, thread_pointer): contract in cairn/process.h.

        .text
        .globl  cpu_clone
cpu_clone:
        // 1. The same arguments as clone's, but for the last two, which change places.
        mv      t0, a3
        mv      a3, a4
        mv      a4, t0
        li      a7, 220                 // __NR_clone
        ecall
        beqz    a0, 1f
        ret
        // 2. The child: what it shall call lies on its new stack, and what it shall call it with.
1:      li      s0, 0
        ld      t0, 0(sp)
        ld      a0, 8(sp)
        addi    sp, sp, 16
        jalr    t0
        // 3. It ends with what was returned.
        li      a7, 93                  // __NR_exit
        ecall
        unimp

        .section .note.GNU-stack, "", @progbits
