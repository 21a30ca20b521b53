// write(2): the bytes appear on the console, and the call returns how many they were.
#include "cairn/check.h"
#include "cairn/syscall.h"

TEST("A program's write arrives on the console and returns the number of bytes.") {
    char line[] = "first call\n";
    CHECK(sys_write(1, line, sizeof line - 1), sizeof line - 1);
}
