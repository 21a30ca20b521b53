// long cpu_clone(flags, stack, parent_tid, child_tid, thread_pointer): contract in cairn/process.h.

        .text
        .globl  cpu_clone
cpu_clone:
        // 1. The same arguments as clone's, but for the fourth, which syscall wants in r10.
        movq    %rcx, %r10
        movl    $56, %eax               // __NR_clone
        syscall
        testq   %rax, %rax
        jz      1f
        ret
        // 2. The child: what it shall call lies on its new stack, and what it shall call it with.
1:      xorl    %ebp, %ebp
        popq    %rax
        popq    %rdi
        call    *%rax
        // 3. It ends with what was returned.
        movl    %eax, %edi
        movl    $60, %eax               // __NR_exit
        syscall
        ud2

        .section .note.GNU-stack, "", @progbits
