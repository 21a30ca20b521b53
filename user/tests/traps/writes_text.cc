// write(2): three arguments, each in its own register; the bytes arrive unchanged and in order.
#include "cairn/check.h"
#include "cairn/print.h"
#include "cairn/syscall.h"

// The host looks for secret(0) and secret(1), in hexadecimal, on one line of the console.
TEST("write puts exactly the bytes it is given on the console, on standard output and error.") {
    char text[64];
    size_t size = format_text(text, sizeof text, "[%016lx %016lx]\n", secret(0), secret(1));
    CHECK(sys_write(1, text, 18), 18);
    CHECK(sys_write(2, text + 18, size - 18), size - 18);
    CHECK(sys_write(1, text, 0), 0);
}
