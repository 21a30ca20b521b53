// The CHECK layer for programs that run parts of the kernel on the build host: one file to compile,
// with -DCAIRN_HOST, the C library and the sanitizers. The secret arrives as in a guest's program.
#include "check.cc"
#include "print.cc"
