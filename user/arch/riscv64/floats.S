// All floating-point registers at once. Contract: user/lib/cairn/cpu.h.

#define FLOATS 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31

        .text

.macro LOAD_FLOATS base
        .irp    n, FLOATS
        fld     f\n, \n * 8(\base)
        .endr
        ld      t0, 256(\base)
        fscsr   t0
.endm

.macro STORE_FLOATS base
        .irp    n, FLOATS
        fsd     f\n, \n * 8(\base)
        .endr
        frcsr   t0
        sd      t0, 256(\base)
.endm

// The C++ caller expects fs0 to fs11 back.
.macro PUSH_OWN
        addi    sp, sp, -112
        .set    slot, 0
        .irp    reg, fs0, fs1, fs2, fs3, fs4, fs5, fs6, fs7, fs8, fs9, fs10, fs11
        fsd     \reg, slot(sp)
        .set    slot, slot + 8
        .endr
        frcsr   t0
        sd      t0, 96(sp)
.endm

.macro POP_OWN
        ld      t0, 96(sp)
        fscsr   t0
        .set    slot, 0
        .irp    reg, fs0, fs1, fs2, fs3, fs4, fs5, fs6, fs7, fs8, fs9, fs10, fs11
        fld     \reg, slot(sp)
        .set    slot, slot + 8
        .endr
        addi    sp, sp, 112
.endm

// void cpu_floats_over_calls(const uint64_t* patterns, uint64_t* seen, uint64_t number, uint64_t
// times)
        .globl  cpu_floats_over_calls
cpu_floats_over_calls:
        PUSH_OWN
        mv      a7, a2
        mv      t1, a3
        LOAD_FLOATS a0
1:      ecall
        addi    t1, t1, -1
        bnez    t1, 1b
        STORE_FLOATS a1
        POP_OWN
        ret

// long cpu_floats_over_fork(const uint64_t* patterns, uint64_t* seen)
        .globl  cpu_floats_over_fork
cpu_floats_over_fork:
        PUSH_OWN
        mv      t1, a1
        LOAD_FLOATS a0
        li      a7, 220                 // __NR_clone
        li      a0, 17                  // SIGCHLD
        .irp    n, 1,2,3,4
        li      a\n, 0
        .endr
        ecall
        STORE_FLOATS t1
        POP_OWN
        ret

// void cpu_floats_over_spin(const uint64_t* patterns, uint64_t* seen, uint64_t times)
        .globl  cpu_floats_over_spin
cpu_floats_over_spin:
        PUSH_OWN
        LOAD_FLOATS a0
1:      addi    a2, a2, -1
        bnez    a2, 1b
        STORE_FLOATS a1
        POP_OWN
        ret
