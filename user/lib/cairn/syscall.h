/* The system calls that the programs of this tree make: raw, by Linux's numbers, without a C
 * library.
 *
 * Each returns what the kernel returned: 0 or a count, or a negative error number (-EFAULT); there
 * is no errno.
 * Types, numbers and constants come from Linux's own UAPI headers. Usable from C and from C++.
 * Read next: user/arch/<cpu>/system_call.h, the instruction itself. */
#ifndef CAIRN_SYSCALL_H
#define CAIRN_SYSCALL_H

#include <asm/unistd.h>
#include <linux/errno.h>
#include <linux/time_types.h>
#include <linux/utsname.h>
#include <stddef.h>
#include <stdint.h>

#ifdef CAIRN_HOST
/* On the build host, under sanitizers, calls go through the C library so that these see them. */
#include <errno.h>
#include <unistd.h>
static inline long system_call(long number, long a, long b, long c, long d, long e, long f) {
    long result = syscall(number, a, b, c, d, e, f);
    return result == -1 ? -errno : result;
}
#else
#include "system_call.h"
#endif

static inline long sys_write(int fd, const void* bytes, size_t size) {
    return system_call(__NR_write, fd, (long)bytes, (long)size, 0, 0, 0);
}

static inline long sys_exit(int status) { return system_call(__NR_exit, status, 0, 0, 0, 0, 0); }

static inline long sys_exit_group(int status) {
    return system_call(__NR_exit_group, status, 0, 0, 0, 0, 0);
}

static inline long sys_sched_yield(void) { return system_call(__NR_sched_yield, 0, 0, 0, 0, 0, 0); }

static inline long sys_clock_gettime(int clock, struct __kernel_timespec* time) {
    return system_call(__NR_clock_gettime, clock, (long)time, 0, 0, 0, 0);
}

static inline long sys_clock_getres(int clock, struct __kernel_timespec* resolution) {
    return system_call(__NR_clock_getres, clock, (long)resolution, 0, 0, 0, 0);
}

static inline long sys_uname(struct new_utsname* names) {
    return system_call(__NR_uname, (long)names, 0, 0, 0, 0, 0);
}

static inline long sys_getpid(void) { return system_call(__NR_getpid, 0, 0, 0, 0, 0, 0); }
static inline long sys_gettid(void) { return system_call(__NR_gettid, 0, 0, 0, 0, 0, 0); }
static inline long sys_getppid(void) { return system_call(__NR_getppid, 0, 0, 0, 0, 0, 0); }
static inline long sys_getuid(void) { return system_call(__NR_getuid, 0, 0, 0, 0, 0, 0); }
static inline long sys_geteuid(void) { return system_call(__NR_geteuid, 0, 0, 0, 0, 0, 0); }
static inline long sys_getgid(void) { return system_call(__NR_getgid, 0, 0, 0, 0, 0, 0); }
static inline long sys_getegid(void) { return system_call(__NR_getegid, 0, 0, 0, 0, 0, 0); }

static inline long sys_set_tid_address(int* tid) {
    return system_call(__NR_set_tid_address, (long)tid, 0, 0, 0, 0, 0);
}

/* The monotonic clock in nanoseconds, or a negative error number. */
static inline int64_t monotonic_ns(void) {
    struct __kernel_timespec now = {0, 0};
    long result = sys_clock_gettime(1 /* CLOCK_MONOTONIC */, &now);
    return result < 0 ? result : now.tv_sec * 1000000000LL + now.tv_nsec;
}

#endif
