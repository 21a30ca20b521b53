/* What each CPU does in its own way when a process is made: contract in cairn/process.h. */
#ifndef CAIRN_ARCH_CLONE_H
#define CAIRN_ARCH_CLONE_H

#include <asm/prctl.h>

#include "cairn/syscall.h"

/* clone(2) on x86-64: the child's tid comes before the thread pointer. */
static inline long sys_clone(uint64_t flags, void* stack, int* parent_tid, int* child_tid,
                             uint64_t thread_pointer) {
    return system_call(__NR_clone, (long)flags, (long)stack, (long)parent_tid, (long)child_tid,
                       (long)thread_pointer, 0);
}

/* The thread pointer is the base of the segment register fs; it may be read by a call only. */
static inline uint64_t thread_pointer(void) {
    uint64_t base = 0;
    system_call(__NR_arch_prctl, ARCH_GET_FS, (long)&base, 0, 0, 0, 0);
    return base;
}

static inline void set_thread_pointer(uint64_t base) {
    system_call(__NR_arch_prctl, ARCH_SET_FS, (long)base, 0, 0, 0, 0);
}

#endif
