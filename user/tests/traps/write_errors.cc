// write(2), EBADF: a number that is no open file.
#include "cairn/check.h"
#include "cairn/syscall.h"

TEST("write to a descriptor that is not open answers EBADF, whichever buffer is given.") {
    char text[] = "nobody reads this\n";
    CHECK(sys_write(-1, text, sizeof text), -EBADF);
    CHECK(sys_write(3 + static_cast<int>(secret(0) % 1000), text, sizeof text), -EBADF);
    CHECK(sys_write(77, nullptr, 8), -EBADF);
}
