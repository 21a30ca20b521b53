// The only floating-point instructions of the kernel: the rest is built without, so that the program's
// x87, SSE and AVX registers stay in the CPU until another user of them comes (core/fpu.h).
#include "arch/x86_64/asm.h"
    .text

// void fpu_save(FpuState& state)               state: rdi, a multiple of 64
//     All registers to memory, with XSAVE. edx and eax are a mask of the parts that are wanted, a bit
//     each; the CPU saves those which are also enabled in XCR0 (Intel SDM volume 1, "Managing State
//     Using the XSAVE Feature Set"): x87, SSE and, where the CPU has it, AVX.
// void fpu_restore(const FpuState& state)      state: rdi
//     All registers from memory, with XRSTOR.
// The forms for 64 bits, xsave64 and xrstor64, keep all of the last instruction's address.
// ROOM traps.9 begin: floating-point state
FUNCTION fpu_save
    movl $-1, %eax
    movl $-1, %edx
    xsave64 (%rdi)
    ret
END_FUNCTION fpu_save

FUNCTION fpu_restore
    movl $-1, %eax
    movl $-1, %edx
    xrstor64 (%rdi)
    ret
END_FUNCTION fpu_restore
// ROOM traps.9 end

// void fpu_noise(uint64_t value)               value: rdi
// Provided. What another owner of the FPU would leave behind: value in every register (the x87 ones by
// their MMX names) and in MXCSR's flags and rounding mode; nothing in the upper halves of AVX, if XCR0
// says that there is such a thing. The boot argument noise=fpu calls it.
FUNCTION fpu_noise
    xorl %ecx, %ecx
    xgetbv
    testl $4, %eax
    jz 1f
    vzeroupper
1:
    movq %rdi, %xmm0
    punpcklqdq %xmm0, %xmm0
    .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    movdqa %xmm0, %xmm\n
    .endr
    .irp n, 0,1,2,3,4,5,6,7
    movq %rdi, %mm\n
    .endr
    andl $0x603f, %edi
    orl $0x1f80, %edi           // all exceptions masked
    pushq %rdi
    ldmxcsr (%rsp)
    popq %rdi
    ret
END_FUNCTION fpu_noise
