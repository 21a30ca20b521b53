// The only floating-point instructions of the kernel: the rest is built soft-float, so that the
// program's f registers stay in the CPU until another user of them comes (core/fpu.h).
#include "arch/riscv64/asm.h"
    .text
    .option push
    .option arch, +f, +d

// void fpu_save(FpuState& state)               state: a0; sstatus.FS is not Off
//     f0..f31 and fcsr to memory.
// void fpu_restore(const FpuState& state)      state: a0
//     fcsr and f0..f31 from memory.
// fcsr reaches memory through an integer register: frcsr and fscsr.
// ROOM traps.9 begin: floating-point state
FUNCTION fpu_save
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fsd f\n, FPU_F(\n)(a0)
    .endr
    frcsr t0
    sd t0, FPU_FCSR(a0)
    ret
END_FUNCTION fpu_save

FUNCTION fpu_restore
    ld t0, FPU_FCSR(a0)
    fscsr t0
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fld f\n, FPU_F(\n)(a0)
    .endr
    ret
END_FUNCTION fpu_restore
// ROOM traps.9 end

// void fpu_noise(uint64_t value)               value: a0
// Provided. What another owner of the FPU would leave behind: value in every register and in fcsr's
// flags and rounding mode. The boot argument noise=fpu calls it (entry/fpu.cc).
FUNCTION fpu_noise
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fmv.d.x f\n, a0
    .endr
    andi a0, a0, 0x7f
    fscsr a0
    ret
END_FUNCTION fpu_noise
    .option pop
