// All registers at once: patterns in, a loop or a trap, what is left out. Contract:
// user/lib/cairn/cpu.h. The loops count r15 down to r14; afterwards r15 is known, so it can become
// the base for storing the others.

        .bss
        .balign 8
own_registers:          // what the caller wants back: rbx, rbp, rsp, r12 to r15
        .skip   7 * 8
seen_address:
        .skip   8

        .text

.macro KEEP_OWN
        movq    %rbx, own_registers
        movq    %rbp, own_registers + 8
        movq    %rsp, own_registers + 16
        movq    %r12, own_registers + 24
        movq    %r13, own_registers + 32
        movq    %r14, own_registers + 40
        movq    %r15, own_registers + 48
        movq    %rsi, seen_address
.endm

// Loads all but r15, which was set before, from the array at rdi, rdi itself last.
.macro LOAD_PATTERNS
        movq    0(%rdi), %rax
        movq    8(%rdi), %rbx
        movq    16(%rdi), %rcx
        movq    24(%rdi), %rdx
        movq    32(%rdi), %rsi
        movq    48(%rdi), %rbp
        movq    56(%rdi), %rsp
        movq    64(%rdi), %r8
        movq    72(%rdi), %r9
        movq    80(%rdi), %r10
        movq    88(%rdi), %r11
        movq    96(%rdi), %r12
        movq    104(%rdi), %r13
        movq    112(%rdi), %r14
        movq    40(%rdi), %rdi
.endm

.macro STORE_AND_RETURN
        movq    seen_address, %r15
        movq    %rax, 0(%r15)
        movq    %rbx, 8(%r15)
        movq    %rcx, 16(%r15)
        movq    %rdx, 24(%r15)
        movq    %rsi, 32(%r15)
        movq    %rdi, 40(%r15)
        movq    %rbp, 48(%r15)
        movq    %rsp, 56(%r15)
        movq    %r8, 64(%r15)
        movq    %r9, 72(%r15)
        movq    %r10, 80(%r15)
        movq    %r11, 88(%r15)
        movq    %r12, 96(%r15)
        movq    %r13, 104(%r15)
        movq    %r14, 112(%r15)
        movq    %r14, 120(%r15)
        movq    own_registers, %rbx
        movq    own_registers + 8, %rbp
        movq    own_registers + 16, %rsp
        movq    own_registers + 24, %r12
        movq    own_registers + 32, %r13
        movq    own_registers + 40, %r14
        movq    own_registers + 48, %r15
        cld
        ret
.endm

// void cpu_registers_over_calls(uint64_t* patterns, uint64_t* seen, uint64_t number, uint64_t
// times)
        .globl  cpu_registers_over_calls
cpu_registers_over_calls:
        KEEP_OWN
        movq    %rdx, 0(%rdi)
        movq    %rdx, call_number
        movq    112(%rdi), %r15
        addq    %rcx, %r15
        LOAD_PATTERNS
1:      movq    call_number, %rax       // the result of the call before stands there
        syscall
        decq    %r15
        cmpq    %r14, %r15
        jne     1b
        STORE_AND_RETURN

        .local  call_number
        .comm   call_number, 8, 8

// void cpu_registers_over_spin(const uint64_t* patterns, uint64_t* seen, uint64_t times)
        .globl  cpu_registers_over_spin
cpu_registers_over_spin:
        KEEP_OWN
        addq    112(%rdi), %rdx
        movq    %rdx, %r15
        LOAD_PATTERNS
        .globl  cpu_spin_loop
cpu_spin_loop:
1:      decq    %r15
        cmpq    %r14, %r15
        jne     1b
        STORE_AND_RETURN

// void cpu_die_…(const uint64_t* patterns)
.macro DIE name, instruction:vararg
        .globl  \name
        .globl  \name\()_pc
\name:  movq    120(%rdi), %r15
        LOAD_PATTERNS
\name\()_pc:
        \instruction
        ud2
.endm

        DIE     cpu_die_illegal, ud2
        DIE     cpu_die_privileged, hlt
        DIE     cpu_die_breakpoint, int3
        DIE     cpu_die_divide, divq zero
        DIE     cpu_die_misaligned, movaps (%r15), %xmm0
        DIE     cpu_die_load, cmpq $0, (%r15)
        DIE     cpu_die_store, movq $0, (%r15)
        DIE     cpu_die_execute, jmp *%r15

        .local  zero
        .comm   zero, 8, 8

        .section .note.GNU-stack, "", @progbits
