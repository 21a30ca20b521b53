/* The first program of your own: C, no C library, the same binary on Cairn and on Linux. */
#include "cairn/print.h"
#include "cairn/syscall.h"

int main(int argc, char** argv) {
    print("hello from %s, process %ld\n", argv[0], sys_getpid());
    for (int i = 1; i < argc; i++) print("argument %d: %s\n", i, argv[i]);
    return 0;
}
