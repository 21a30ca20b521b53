// syscall(2): the instruction itself puts the pc into rcx and the flags into r11. What a program finds
// there afterwards must be just that, and no number of the kernel's.
#include "cairn/check.h"
#include "cairn/syscall.h"

TEST("After a system call rcx holds the address behind it and r11 the flags, nothing else.") {
    uint64_t result = __NR_getpid, rcx = secret(0), behind, flags;
    register uint64_t r11 asm("r11") = secret(1);
    asm volatile(
        "pushfq; popq %[flags]\n"
        "syscall\n"
        "1: leaq 1b(%%rip), %[behind]"
        : "+a"(result), "+c"(rcx), "+r"(r11), [flags] "=&r"(flags), [behind] "=r"(behind)
        :
        : "memory");
    const uint64_t left_in_r11 = r11;  // the next call changes the register
    CHECK(result, sys_getpid());
    CHECK(rcx, behind);
    CHECK(left_in_r11, flags);
}
