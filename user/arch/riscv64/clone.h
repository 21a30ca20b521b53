/* What each CPU does in its own way when a process is made: contract in cairn/process.h. */
#ifndef CAIRN_ARCH_CLONE_H
#define CAIRN_ARCH_CLONE_H

#include "cairn/syscall.h"

/* clone(2) on RISC-V: the thread pointer comes before the child's tid. */
static inline long sys_clone(uint64_t flags, void* stack, int* parent_tid, int* child_tid,
                             uint64_t thread_pointer) {
    return system_call(__NR_clone, (long)flags, (long)stack, (long)parent_tid, (long)thread_pointer,
                       (long)child_tid, 0);
}

/* The thread pointer is a register like any other; these programs have no use for it. */
static inline uint64_t thread_pointer(void) {
    uint64_t base;
    __asm__ volatile("mv %0, tp" : "=r"(base));
    return base;
}

static inline void set_thread_pointer(uint64_t base) {
    __asm__ volatile("mv tp, %0" : : "r"(base));
}

#endif
