// The entry point of a program: the kernel jumps here with rsp at argc.

        .text
        .globl  _start
_start:
        // 1. End the chain of frame pointers, so that a backtrace knows where to stop.
        xorl    %ebp, %ebp
        // 2. Hand over the initial stack; a call wants rsp aligned to 16.
        movq    %rsp, %rdi
        andq    $-16, %rsp
        call    start_program
        ud2

        .section .note.GNU-stack, "", @progbits
