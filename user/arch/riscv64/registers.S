// All registers at once: patterns in, a loop or a trap, what is left out. Contract:
// user/lib/cairn/cpu.h.
//
// The loops count s11 down to s10: no register is spared for a counter, and when the loop is over
// s11 is known (it equals s10), so it can become the base address for storing the others.

        .bss
        .balign 8
own_registers:          // what the caller wants back: ra, sp, gp, tp, s0 to s11
        .skip   16 * 8
seen_address:
        .skip   8

        .text

// Keeps the caller's registers and `seen` (\seen) in memory.
.macro KEEP_OWN seen
        la      t0, own_registers
        .set    slot, 0
        .irp    reg, ra, sp, gp, tp, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11
        sd      \reg, slot(t0)
        .set    slot, slot + 8
        .endr
        la      t0, seen_address
        sd      \seen, 0(t0)
.endm

// Loads x1 to x31 from the array at a0, a0 itself last. s11 is skipped: it was set before.
.macro LOAD_PATTERNS
        .irp    n, 1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,28,29,30,31
        ld      x\n, (\n - 1) * 8(a0)
        .endr
        ld      a0, 72(a0)
.endm

// Stores all registers to `seen`; s11, which equals s10, is the base. Then returns to the C++
// caller.
.macro STORE_AND_RETURN
        .option push
        .option norelax         // gp holds a pattern: no address may be made from it
        la      s11, seen_address
        ld      s11, 0(s11)
        .irp    n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,28,29,30,31
        sd      x\n, (\n - 1) * 8(s11)
        .endr
        sd      s10, 208(s11)
        la      t0, own_registers
        .option pop
        .set    slot, 0
        .irp    reg, ra, sp, gp, tp, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11
        ld      \reg, slot(t0)
        .set    slot, slot + 8
        .endr
        ret
.endm

// void cpu_registers_over_calls(uint64_t* patterns, uint64_t* seen, uint64_t number, uint64_t
// times)
        .globl  cpu_registers_over_calls
cpu_registers_over_calls:
        KEEP_OWN a1
        ld      t0, 200(a0)             // the pattern of s10
        add     s11, t0, a3
        sd      a2, 128(a0)             // the pattern of a7 is the number of the call
        LOAD_PATTERNS
1:      ecall
        addi    s11, s11, -1
        bne     s11, s10, 1b
        STORE_AND_RETURN

// void cpu_registers_over_spin(const uint64_t* patterns, uint64_t* seen, uint64_t times)
        .globl  cpu_registers_over_spin
cpu_registers_over_spin:
        KEEP_OWN a1
        ld      t0, 200(a0)
        add     s11, t0, a2
        LOAD_PATTERNS
        .globl  cpu_spin_loop
cpu_spin_loop:
1:      addi    s11, s11, -1
        bne     s11, s10, 1b
        STORE_AND_RETURN

// void cpu_die_…(const uint64_t* patterns)
.macro DIE name, instruction:vararg
        .globl  \name
        .globl  \name\()_pc
        .balign 4
\name:  ld      s11, 208(a0)
        LOAD_PATTERNS
\name\()_pc:
        \instruction
        ebreak
.endm

        DIE     cpu_die_illegal, .4byte 0xFFFFFFFF
        DIE     cpu_die_privileged, csrr zero, sstatus
        DIE     cpu_die_breakpoint, .4byte 0x00100073    // ebreak of four bytes
        DIE     cpu_die_misaligned, amoadd.d zero, zero, (s11)
        DIE     cpu_die_load, ld zero, 0(s11)
        DIE     cpu_die_store, sd zero, 0(s11)
        DIE     cpu_die_execute, jr s11
