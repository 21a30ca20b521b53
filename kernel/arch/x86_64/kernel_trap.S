// Traps while the kernel itself runs.
#include "arch/x86_64/asm.h"
    .text
FUNCTION kernel_trap
    movq %gs:CPU_EMERGENCY_TOP, %rsp
    leaq 1f(%rip), %rdi
    leaq 1f(%rip), %rsi
    xorl %edx, %edx
    call open_room_in_assembly
1:  .asciz "trap"
END_FUNCTION kernel_trap
