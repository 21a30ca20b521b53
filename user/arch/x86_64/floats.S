// All floating-point registers at once. Contract: user/lib/cairn/cpu.h.

        .text

.macro LOAD_FLOATS base
        .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        movdqu  \n * 16(\base), %xmm\n
        .endr
        .irp    n, 0,1,2,3,4,5,6,7
        movq    256 + \n * 8(\base), %mm\n
        .endr
        ldmxcsr 320(\base)
.endm

// The mm registers are those of the x87 unit, which is given back empty. The upper half of the control
// word's element is not a register: it is zero, as in the pattern.
.macro STORE_FLOATS_AND_RETURN base
        .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        movdqu  %xmm\n, \n * 16(\base)
        .endr
        .irp    n, 0,1,2,3,4,5,6,7
        movq    %mm\n, 256 + \n * 8(\base)
        .endr
        emms
        movq    $0, 320(\base)
        stmxcsr 320(\base)
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
