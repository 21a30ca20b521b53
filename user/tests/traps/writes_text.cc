// write(2): three arguments, each in its own register, and the bytes on the console unchanged and in order.
#include "cairn/check.h"
#include "cairn/print.h"
#include "cairn/syscall.h"

TEST("write puts exactly the bytes it is given on the console, for standard output and standard error.") {
  char text[64];
  size_t size = format_text(text, sizeof text, "[%016lx %016lx]", secret(0), secret(1));
  CHECK(sys_write(1, text, 18), 18);
  CHECK(sys_write(2, text + 18, size - 18), size - 18);
  CHECK(sys_write(1, "\n", 1), 1);
  CHECK(sys_write(1, text, 0), 0);
  CHECK(sys_write(-1, text, size), -EBADF);
  CHECK(sys_write(99, text, size), -EBADF);
}
