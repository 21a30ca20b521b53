// All floating-point registers at once. Contract: user/lib/cairn/cpu.h.

        .text

.macro LOAD_FLOATS base
        .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        movq    \n * 8(\base), %xmm\n
        .endr
        ldmxcsr 128(\base)
.endm

// The upper half of the control word's element is not a register: it stays as the caller left it,
// zero.
.macro STORE_FLOATS_AND_RETURN base
        .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        movq    %xmm\n, \n * 8(\base)
        .endr
        movq    $0, 128(\base)
        stmxcsr 128(\base)
        ldmxcsr -8(%rsp)
        ret
.endm

// void cpu_floats_over_calls(const uint64_t* patterns, uint64_t* seen, uint64_t number, uint64_t
// times)
        .globl  cpu_floats_over_calls
cpu_floats_over_calls:
        stmxcsr -8(%rsp)
        movq    %rdx, %r8
        movq    %rcx, %r9
        movq    %rsi, %r10
        LOAD_FLOATS %rdi
1:      movq    %r8, %rax
        syscall
        decq    %r9
        jnz     1b
        STORE_FLOATS_AND_RETURN %r10

// void cpu_floats_over_spin(const uint64_t* patterns, uint64_t* seen, uint64_t times)
        .globl  cpu_floats_over_spin
cpu_floats_over_spin:
        stmxcsr -8(%rsp)
        LOAD_FLOATS %rdi
1:      decq    %rdx
        jnz     1b
        STORE_FLOATS_AND_RETURN %rsi

        .section .note.GNU-stack, "", @progbits
