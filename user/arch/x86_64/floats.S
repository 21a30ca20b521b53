// All floating-point registers at once. Contract: user/lib/cairn/cpu.h.

        .text

// Whether the CPU has AVX and the kernel lets programs use it, into has_avx (CPUID leaf 1,
// OSXSAVE and AVX; XCR0, SSE and AVX). Changes rax and r8 to r10.
.macro ASK_FOR_AVX
        movq    %rdx, %r8
        movq    %rcx, %r9
        movq    %rbx, %r10
        movl    $1, %eax
        cpuid
        movq    %r10, %rbx
        notl    %ecx
        xorl    %eax, %eax
        testl   $0x18000000, %ecx
        jnz     8f
        xorl    %ecx, %ecx
        xgetbv
        andl    $6, %eax
        cmpl    $6, %eax
        sete    %al
8:      movb    %al, has_avx
        movq    %r8, %rdx
        movq    %r9, %rcx
.endm

// The upper halves come first: loading the lower ones in the old way leaves them alone.
.macro LOAD_FLOATS base
        cmpb    $0, has_avx
        je      9f
        .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        vinsertf128 $1, 320 + \n * 16(\base), %ymm\n, %ymm\n
        .endr
9:      .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        movdqu  \n * 16(\base), %xmm\n
        .endr
        .irp    n, 0,1,2,3,4,5,6,7
        movq    256 + \n * 8(\base), %mm\n
        .endr
        ldmxcsr 576(\base)
.endm

// The mm registers are those of the x87 unit, which is given back empty. The upper half of the control
// word's element is not a register: it is zero, as in the pattern.
.macro STORE_FLOATS_AND_RETURN patterns, seen
        .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        movdqu  %xmm\n, \n * 16(\seen)
        .endr
        .irp    n, 0,1,2,3,4,5,6,7
        movq    %mm\n, 256 + \n * 8(\seen)
        .endr
        emms
        movq    $0, 576(\seen)
        stmxcsr 576(\seen)
        ldmxcsr -8(%rsp)
        .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        movdqu  320 + \n * 16(\patterns), %xmm0
        movdqu  %xmm0, 320 + \n * 16(\seen)
        .endr
        cmpb    $0, has_avx
        je      9f
        // xmm0 alone was overwritten, and its upper half is still as it was.
        .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        vextractf128 $1, %ymm\n, 320 + \n * 16(\seen)
        .endr
        vzeroupper
9:      ret
.endm

        .local  has_avx
        .comm   has_avx, 1

// void cpu_floats_over_calls(const uint64_t* patterns, uint64_t* seen, uint64_t number, uint64_t
// times)
        .globl  cpu_floats_over_calls
cpu_floats_over_calls:
        stmxcsr -8(%rsp)
        ASK_FOR_AVX
        movq    %rdx, %r8
        movq    %rcx, %r9
        LOAD_FLOATS %rdi
1:      movq    %r8, %rax
        syscall
        decq    %r9
        jnz     1b
        STORE_FLOATS_AND_RETURN %rdi, %rsi

// long cpu_floats_over_fork(const uint64_t* patterns, uint64_t* seen)
        .globl  cpu_floats_over_fork
cpu_floats_over_fork:
        stmxcsr -8(%rsp)
        ASK_FOR_AVX
        LOAD_FLOATS %rdi
        movl    $57, %eax               // __NR_fork
        syscall
        STORE_FLOATS_AND_RETURN %rdi, %rsi

// void cpu_floats_over_spin(const uint64_t* patterns, uint64_t* seen, uint64_t times)
        .globl  cpu_floats_over_spin
cpu_floats_over_spin:
        stmxcsr -8(%rsp)
        ASK_FOR_AVX
        LOAD_FLOATS %rdi
1:      decq    %rdx
        jnz     1b
        STORE_FLOATS_AND_RETURN %rdi, %rsi

        .section .note.GNU-stack, "", @progbits
