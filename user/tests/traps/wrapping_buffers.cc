// address + size may be more than 64 bits can hold: then the sum is small, and a careless bound
// accepts it.
#include "cairn/check.h"
#include "cairn/syscall.h"

static long write_from(uint64_t address, uint64_t size) {
    return sys_write(1, reinterpret_cast<const void*>(address), size);
}

TEST("A buffer that wraps round the end of the address space is answered with EFAULT.") {
    CHECK(write_from(~0ull, 1), -EFAULT);
    CHECK(write_from(~0ull - 3, 8), -EFAULT);
    CHECK(write_from(~0ull - secret(0) % 4096, 1 << 20), -EFAULT);
    CHECK(write_from(1ull << 63, 8), -EFAULT);
    CHECK(write_from(1ull << 62, 8), -EFAULT);
}
