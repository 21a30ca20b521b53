// From one kernel stack to another. Contract: arch/kernel_context.h.
#include "arch/x86_64/asm.h"
    .text

// void switch_context(KernelContext& from, const KernelContext& to)
//                                                             from: rdi; to: rsi; interrupts are off
//
// Two threads of the kernel, one of which runs. It calls this function, which returns in the other:
//
//     stack of `from`       KernelContext          stack of `to`
//     │ caller         │    + 0: rsp               │ caller         │
//     │ return address │    + 8: rbx   +16: rbp    │ return address │ ◄─ behind its own call of
//     └────────────────┘    +24: r12 … +48: r15    └────────────────┘    switch_context, some time ago
//      ▲ rsp, before                                ▲ to.rsp: rsp, after step 2
//
//   1. What a function must keep for its caller, into `from`: rsp, rbx, rbp, r12 to r15. The caller
//      expects no other register to keep its value.
//   2. The same from `to`.
//   3. Return: the stack, and so the return address on it, are the other thread's by now.
// ROOM processes.1 begin: switch contexts
FUNCTION switch_context
    // 1. From here …
    movq %rsp, KERNEL_CONTEXT_RSP(%rdi)
    movq %rbx, KERNEL_CONTEXT_RBX(%rdi)
    movq %rbp, KERNEL_CONTEXT_RBP(%rdi)
    .irp n, 12,13,14,15
    movq %r\n, KERNEL_CONTEXT_R(\n)(%rdi)
    .endr
    // 2. … to there.
    movq KERNEL_CONTEXT_RSP(%rsi), %rsp
    movq KERNEL_CONTEXT_RBX(%rsi), %rbx
    movq KERNEL_CONTEXT_RBP(%rsi), %rbp
    .irp n, 12,13,14,15
    movq KERNEL_CONTEXT_R(\n)(%rsi), %r\n
    .endr
    // 3. As whoever called there.
    ret
END_FUNCTION switch_context
// ROOM processes.1 end
