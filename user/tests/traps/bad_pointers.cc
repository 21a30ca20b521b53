// write(2), EFAULT: the buffer is outside the program's memory. A pointer is a number until it is
// proven.
#include "cairn/check.h"
#include "cairn/syscall.h"

static long write_from(uint64_t address, uint64_t size) {
    return sys_write(1, reinterpret_cast<const void*>(address), size);
}

TEST(
    "A call answers EFAULT for a buffer that the program does not own, and prints nothing of it.") {
    uint64_t kernel = 0xFFFFFFFF'80000000 | (secret(0) & 0xFFFFFF8);
    CHECK(write_from(0, 8), -EFAULT);
    CHECK(write_from(secret(1) % 4096, 8), -EFAULT);
    CHECK(write_from(kernel, 8), -EFAULT);
    CHECK(write_from(0xFFFFFFC0'00000000, 1), -EFAULT);
    CHECK(sys_clock_gettime(1, reinterpret_cast<__kernel_timespec*>(kernel)), -EFAULT);
    CHECK(sys_uname(nullptr), -EFAULT);
}
