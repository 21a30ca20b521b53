/* One system call on RISC-V: the number in a7, arguments in a0 to a5, the result in a0; no other
 * register changes. */
#ifndef CAIRN_ARCH_SYSTEM_CALL_H
#define CAIRN_ARCH_SYSTEM_CALL_H

/* What uname(2) calls this CPU. */
static const char kMachineName[] __attribute__((unused)) = "riscv64";

static inline long system_call(long number, long a, long b, long c, long d, long e, long f) {
    register long a7 __asm__("a7") = number;
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    register long a3 __asm__("a3") = d;
    register long a4 __asm__("a4") = e;
    register long a5 __asm__("a5") = f;
    __asm__ volatile("ecall"
                     : "+r"(a0)
                     : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
                     : "memory");
    return a0;
}

#endif
