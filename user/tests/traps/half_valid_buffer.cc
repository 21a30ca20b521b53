// A buffer that begins in the program's memory and ends behind it. Linux writes what it can to a
// terminal, or says EFAULT; no kernel may write what lies behind.
#include "cairn/check.h"
#include "cairn/syscall.h"

TEST("A buffer of which only the beginning is the program's own is never read beyond its end.") {
    // The stack lies at the top of the program's memory: look for the first page behind it.
    int here;
    uint64_t end = (reinterpret_cast<uintptr_t>(&here) | 0xFFF) + 1;
    while (sys_clock_gettime(1, reinterpret_cast<__kernel_timespec*>(end)) == 0) end += 4096;
    CHECK_THAT(end % 4096 == 0);

    long result = sys_write(1, reinterpret_cast<const void*>(end - 4), 1 << 20);
    CHECK_THAT(result == -EFAULT || (result >= 0 && result <= 4));
}
