// How much of the number register counts: all of it on RISC-V, the low half on x86-64 (Linux,
// arch/*/kernel).
#include "cairn/check.h"
#include "cairn/cpu.h"
#include "cairn/syscall.h"

static long call(uint64_t number) {
    return system_call(static_cast<long>(number), 0, 0, 0, 0, 0, 0);
}

TEST("A known number with bits set above the thirty-second is another number.") {
    constexpr bool kWide = cairn::kCallNumberBits == 64;
    CHECK(call(1ull << 32 | __NR_getpid), kWide ? -ENOSYS : sys_getpid());
    CHECK(call(1ull << 63 | __NR_getpid), kWide ? -ENOSYS : sys_getpid());
    CHECK(call((secret(0) | 1) << 40 | __NR_getpid), kWide ? -ENOSYS : sys_getpid());
}
