/* One system call on x86-64: the number and the result in rax, arguments in rdi, rsi, rdx, r10,
 * r8, r9. */
#ifndef CAIRN_ARCH_SYSTEM_CALL_H
#define CAIRN_ARCH_SYSTEM_CALL_H

/* What uname(2) calls this CPU. */
static const char kMachineName[] __attribute__((unused)) = "x86_64";

static inline long system_call(long number, long a, long b, long c, long d, long e, long f) {
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long result;
    /* The instruction itself keeps the return address in rcx and the flags in r11. */
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

#endif
