// From user mode to the kernel: by the instruction syscall, or by any other trap (vectors.S). Both undo
// what enter_user (user_entry.S) has done.
#include "arch/x86_64/asm.h"
    .text

// Two ways in, with interrupts off. All registers but those named hold the program's values.
//
// system_call_entry: the program executed syscall. The CPU put the pc behind that instruction into rcx
// and the flags into r11, and changed nothing else: rsp and GS are still the program's.
//   1. swapgs: %gs: is the per-CPU block. Park rsp in CPU_USER_SP; the stack is CPU_TSS_RSP0.
//   2. Push what the CPU and a stub push for other traps: ss (USER_DS), rsp, the flags, cs (USER_CS),
//      the pc of the syscall instruction, the error code 0, VECTOR_SYSTEM_CALL. Then as user_trap.
//
// user_trap: the CPU and the stub pushed the frame's last seven words on the stack that enter_user
// chose, which ends in the UserContext. rsp points to the vector (FRAME_VECTOR); GS is the program's.
//   1. swapgs.
//   2. Push the other 15 registers, last one first: rsp is then the context. C++ wants the direction
//      flag clear (cld), and the kernel wants user memory shut (clac): the program may have set both.
//   3. The result is a TrapCause: rax = vector, error code in the upper half; rdx = CR2 after a page
//      fault (VECTOR_PAGE_FAULT), else 0.
//   4. Return from enter_user as a function does: its stack from the context, its registers from there.
// ROOM traps.6 begin: trap from user mode
FUNCTION system_call_entry
    // 1. The block and a stack.
    swapgs
    movq %rsp, %gs:CPU_USER_SP
    movq %gs:CPU_TSS_RSP0, %rsp
    // 2. What the CPU pushes for other traps.
    pushq $USER_DS
    pushq %gs:CPU_USER_SP
    pushq %r11
    pushq $USER_CS
    pushq %rcx
    subq $2, (%rsp)
    pushq $0
    pushq $VECTOR_SYSTEM_CALL
    jmp 1f
END_FUNCTION system_call_entry

FUNCTION user_trap
    // 1. The block.
    swapgs
    // 2. The program's registers.
1:  .irp reg, r11, rcx, r15, r14, r13, r12, rbp, rbx, rax, r9, r8, r10, rdx, rsi, rdi
    pushq %\reg
    .endr
    cld
    clac
    // 3. Why.
    movl FRAME_ERROR_CODE(%rsp), %eax
    shlq $32, %rax
    orq FRAME_VECTOR(%rsp), %rax
    xorl %edx, %edx
    cmpb $VECTOR_PAGE_FAULT, FRAME_VECTOR(%rsp)
    jne 2f
    movq %cr2, %rdx
2:  // 4. Back to the caller of enter_user.
    movq CONTEXT_KERNEL_SP(%rsp), %rsp
    .irp reg, r15, r14, r13, r12, rbp, rbx
    popq %\reg
    .endr
    ret
END_FUNCTION user_trap
// ROOM traps.6 end
