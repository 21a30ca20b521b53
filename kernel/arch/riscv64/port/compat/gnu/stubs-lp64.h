// Debian's cross headers list glibc's stubs for the hard-float ABI only; the kernel is built for lp64
// and uses no glibc function, so an empty list is the true one.
