// syscall(2): a number that no call has is answered with ENOSYS, whatever it looks like.
#include "cairn/check.h"
#include "cairn/cpu.h"
#include "cairn/syscall.h"

static long call(uint64_t number) {
  return system_call(static_cast<long>(number), static_cast<long>(secret(0)), 0, 0, 0, 0, 0);
}

TEST("An unknown, negative or huge system-call number returns -ENOSYS.") {
  CHECK(call(5000), -ENOSYS);
  CHECK(call(secret(1) | 0x40000000), -ENOSYS);
  CHECK(call(0x7FFFFFFF), -ENOSYS);
  CHECK(call(static_cast<uint64_t>(-1)), -ENOSYS);
  CHECK(call(static_cast<uint64_t>(-2)), -ENOSYS);
  CHECK(call(1ull << 63 | __NR_getpid), cairn::kCallNumberBits == 64 ? -ENOSYS : sys_getpid());
  CHECK(call(1ull << 32 | __NR_getpid), cairn::kCallNumberBits == 64 ? -ENOSYS : sys_getpid());
  // And the table still answers.
  CHECK(call(__NR_getpid), sys_gettid());
}
