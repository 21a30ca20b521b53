// Offsets that the assembly of this port uses, one name each; context.cc holds the static_asserts that
// tie them to the C++ structs. Plain numbers, because the assembler reads this file too.
#pragma once

// struct Cpu (arch/per_cpu.h); tp points to it whenever the kernel runs.
#define CPU_STACK_LOW 0
#define CPU_EMERGENCY_TOP 8
#define CPU_OVERFLOWED_SP 16

// struct UserContext (port/user_context.h): slot i holds register xi, slot 0 the pc.
#define CONTEXT_PC 0
#define CONTEXT_X(n) (8 * (n))
#define CONTEXT_STATUS 256
#define CONTEXT_KERNEL_SP 264
#define CONTEXT_KERNEL_TP 272

// struct KernelFrame (port/kernel_frame.h), on the kernel stack: slot i holds xi, slot 0 the pc.
#define FRAME_PC 0
#define FRAME_X(n) (8 * (n))
#define FRAME_STATUS 256
#define FRAME_CAUSE 264
#define FRAME_VALUE 272
#define FRAME_SIZE 288

// struct FpuState: f0..f31, then fcsr.
#define FPU_F(n) (8 * (n))
#define FPU_FCSR 256

// struct KernelContext (port/kernel_context.h).
#define KERNEL_CONTEXT_RA 0
#define KERNEL_CONTEXT_SP 8
#define KERNEL_CONTEXT_S(n) (16 + 8 * (n))

#define KERNEL_STACK_SIZE 16384

// sstatus (privileged specification, "Supervisor Status Register").
#define STATUS_SIE 0x2
#define STATUS_SPIE 0x20
#define STATUS_SPP 0x100
