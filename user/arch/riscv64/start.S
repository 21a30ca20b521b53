// The entry point of a program: the kernel jumps here with sp at argc and all other registers free
// to use.

        .text
        .globl  _start
_start:
        // 1. The global pointer, by which the linker shortens accesses; this one must not be
        // shortened itself.
        .option push
        .option norelax
        la      gp, __global_pointer$
        .option pop
        // 2. End the chain of frame pointers, so that a backtrace knows where to stop.
        li      fp, 0
        li      ra, 0
        // 3. Hand over the initial stack. It is aligned to 16 already; a kernel may have got that
        // wrong.
        mv      a0, sp
        andi    sp, sp, -16
        call    start_program
        ebreak
