// From one kernel stack to another. Contract: arch/kernel_context.h.
#include "arch/riscv64/asm.h"
    .text

// void switch_context(KernelContext& from, const KernelContext& to)
//                                                             from: a0; to: a1; interrupts are off
//
// Two threads of the kernel, one of which runs. It calls this function, which returns in the other:
//
//     stack of `from`       KernelContext          stack of `to`
//     │ caller       │      + 0: ra                │ caller       │ ◄─ to.ra: behind its own call of
//     └──────────────┘      + 8: sp                └──────────────┘    switch_context, some time ago
//      ▲ sp, before         +16: s0 … +104: s11     ▲ to.sp: sp, after
//
//   1. What a function must keep for its caller, into `from`: ra, sp, s0 to s11. The caller expects no
//      other register to keep its value; gp is the same everywhere, tp is the CPU's.
//   2. The same from `to`.
//   3. Return: ra and sp are the other thread's by now.
// ROOM processes.1 begin: switch contexts
FUNCTION switch_context
    // 1. From here …
    sd ra, KERNEL_CONTEXT_RA(a0)
    sd sp, KERNEL_CONTEXT_SP(a0)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    sd s\n, KERNEL_CONTEXT_S(\n)(a0)
    .endr
    // 2. … to there.
    ld ra, KERNEL_CONTEXT_RA(a1)
    ld sp, KERNEL_CONTEXT_SP(a1)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    ld s\n, KERNEL_CONTEXT_S(\n)(a1)
    .endr
    // 3. As whoever called there.
    ret
END_FUNCTION switch_context
// ROOM processes.1 end
