// Offsets and numbers that the assembly of this port uses, one name each; context.cc and
// descriptors.cc hold the static_asserts that tie them to the C++ structs. Plain numbers, because the
// assembler reads this file too.
#pragma once

// struct Cpu (arch/per_cpu.h); the GS segment begins at it whenever the kernel runs.
#define CPU_STACK_LOW 0
#define CPU_EMERGENCY_TOP 8
#define CPU_OVERFLOWED_SP 16
#define CPU_SELF 24
#define CPU_USER_SP 32
#define CPU_TSS_RSP0 48

#define KERNEL_STACK_SIZE 16384
#define KERNEL_STACK_AREA 0xffffffff40000000
#define KERNEL_IMAGE_BASE 0xffffffff80000000
#define DIRECT_MAP_BASE 0xffff888000000000

// Segment selectors, with Linux's values, for a program can see its own. SYSRET wants the data segment
// of user mode in front of its code segment, and both behind one for 32-bit programs, which we lack.
#define KERNEL_CS 0x10
#define KERNEL_DS 0x18
#define USER_CS_32 0x23
#define USER_DS 0x2b
#define USER_CS 0x33
#define TASK_STATE_SELECTOR 0x40  // of CPU 0; two descriptors further for each CPU
#define DESCRIPTORS_SIZE 0xc0

// What a CPU must have set before it can run 64-bit code (Intel SDM volume 3, "Control Registers").
#define CR0_LONG_MODE 0x80010011  // paging, supervisor writes obey page tables, x87, protection
#define CR4_LONG_MODE 0xa0        // entries of 8 bytes, global pages
#define MSR_EFER 0xc0000080
#define EFER_LONG_MODE 0x901  // SYSCALL, long mode, no-execute pages
#define MSR_GS_BASE 0xc0000101

// Where the other CPUs begin: a page below 1 MiB, for they start in real mode.
#define SECONDARY_START 0x8000

#define VECTOR_STUB_SIZE 16

// A trap frame (port/user_context.h, FrameSlot): the stack while a trap is taken, from the lowest
// address up. From the vector on, the CPU and the stub of the vector have pushed it.
#define FRAME_RCX 104
#define FRAME_R11 112
#define FRAME_VECTOR 120
#define FRAME_ERROR_CODE 128
#define FRAME_RIP 136
#define FRAME_CS 144
#define FRAME_RFLAGS 152
#define FRAME_RSP 160
#define FRAME_SS 168
#define FRAME_END 176
// struct UserContext: a frame, then where enter_user left the kernel's stack.
#define CONTEXT_KERNEL_SP 176
// struct KernelFrame: CR2 and a word of padding, then a frame.
#define KERNEL_FRAME_VALUE 0
#define KERNEL_FRAME_SLOTS 16

// struct KernelContext (port/kernel_context.h).
#define KERNEL_CONTEXT_RSP 0
#define KERNEL_CONTEXT_RBX 8
#define KERNEL_CONTEXT_RBP 16
#define KERNEL_CONTEXT_R(n) (24 + 8 * ((n)-12))

#define VECTOR_NMI 2
#define VECTOR_DOUBLE_FAULT 8
#define VECTOR_GENERAL_PROTECTION 13
#define VECTOR_PAGE_FAULT 14
#define VECTOR_MACHINE_CHECK 18
#define VECTOR_SYSTEM_CALL 0x100  // not the hardware's: port/trap.h
