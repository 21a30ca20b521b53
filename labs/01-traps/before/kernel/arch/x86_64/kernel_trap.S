// Stand-in until lab traps: every trap ends the run with its cause. The stubs of vectors.S lead here.
#include "arch/x86_64/asm.h"
    .text

    // Nothing runs in user mode yet, so that all of them are the kernel's own.
    .globl user_trap, fatal_trap, nmi_trap, system_call_entry
FUNCTION kernel_trap
user_trap:
fatal_trap:
nmi_trap:
system_call_entry:
    movq (%rsp), %rdi
    movq FRAME_RIP - FRAME_VECTOR(%rsp), %rsi
    movq %cr2, %rdx
    movq %gs:CPU_EMERGENCY_TOP, %rsp
    call closed_door_trap
END_FUNCTION kernel_trap
