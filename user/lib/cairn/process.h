/* Calls about processes, raw as those of cairn/syscall.h. Usable from C and from C++.
 *
 * sys_clone(flags, stack, parent_tid, child_tid, thread_pointer) is in user/arch/<cpu>/clone.h, for the
 * order of its arguments is each CPU's own; so are thread_pointer() and set_thread_pointer(). */
#ifndef CAIRN_PROCESS_H
#define CAIRN_PROCESS_H

#include <linux/sched.h>
#include <linux/wait.h>
/* Linux's headers know a timeval, and <linux/resource.h> uses it. */
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/prctl.h>
#include <linux/reboot.h>
#include <linux/resource.h>
#include <linux/times.h>

#include "cairn/syscall.h"
#include "clone.h"

/* A child with a copy of everything. In a test that checks something, fork_process() of
 * cairn/children.h is what you want. */
static inline long sys_fork(void) { return sys_clone(SIGCHLD, NULL, NULL, NULL, 0); }

static inline long sys_clone3(struct clone_args* arguments, size_t size) {
    return system_call(__NR_clone3, (long)arguments, (long)size, 0, 0, 0, 0);
}

static inline long sys_execve(const char* path, char* const* arguments, char* const* environment) {
    return system_call(__NR_execve, (long)path, (long)arguments, (long)environment, 0, 0, 0);
}

/* `command` is one of <linux/reboot.h>; returns only if it may not or cannot. */
static inline long sys_reboot(unsigned command) {
    return system_call(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, command, 0, 0, 0);
}

static inline long sys_wait4(int pid, int* status, int options, struct rusage* usage) {
    return system_call(__NR_wait4, pid, (long)status, options, (long)usage, 0, 0);
}

static inline long sys_waitid(int which, int id, siginfo_t* info, int options,
                              struct rusage* usage) {
    return system_call(__NR_waitid, which, id, (long)info, options, (long)usage, 0);
}

static inline long sys_kill(int pid, int signal) {
    return system_call(__NR_kill, pid, signal, 0, 0, 0, 0);
}

static inline long sys_setpgid(int pid, int group) {
    return system_call(__NR_setpgid, pid, group, 0, 0, 0, 0);
}

static inline long sys_getpgid(int pid) { return system_call(__NR_getpgid, pid, 0, 0, 0, 0, 0); }
static inline long sys_getsid(int pid) { return system_call(__NR_getsid, pid, 0, 0, 0, 0, 0); }
static inline long sys_setsid(void) { return system_call(__NR_setsid, 0, 0, 0, 0, 0, 0); }

static inline long sys_prctl(int option, long argument, long third, long fourth, long fifth) {
    return system_call(__NR_prctl, option, argument, third, fourth, fifth, 0);
}

static inline long sys_getrusage(int who, struct rusage* usage) {
    return system_call(__NR_getrusage, who, (long)usage, 0, 0, 0, 0);
}

static inline long sys_times(struct tms* times) {
    return system_call(__NR_times, (long)times, 0, 0, 0, 0, 0);
}

static inline long sys_getpriority(int which, int who) {
    return system_call(__NR_getpriority, which, who, 0, 0, 0, 0);
}

static inline long sys_setpriority(int which, int who, int nice) {
    return system_call(__NR_setpriority, which, who, nice, 0, 0, 0);
}

static inline long sys_sched_setaffinity(int pid, size_t size, const void* mask) {
    return system_call(__NR_sched_setaffinity, pid, (long)size, (long)mask, 0, 0, 0);
}

static inline long sys_sched_getaffinity(int pid, size_t size, void* mask) {
    return system_call(__NR_sched_getaffinity, pid, (long)size, (long)mask, 0, 0, 0);
}

static inline long sys_clock_nanosleep(int clock, int flags, const struct __kernel_timespec* time,
                                       struct __kernel_timespec* left) {
    return system_call(__NR_clock_nanosleep, clock, flags, (long)time, (long)left, 0, 0);
}

static inline long sys_pidfd_open(int pid, unsigned flags) {
    return system_call(__NR_pidfd_open, pid, flags, 0, 0, 0, 0);
}

static inline void sleep_us(int64_t us) {
    struct __kernel_timespec time = {us / 1000000, us % 1000000 * 1000};
    sys_clock_nanosleep(1 /* CLOCK_MONOTONIC */, 0, &time, NULL);
}

/* What wait4 must say of a child that exited with `code`, or that a signal killed. */
static inline int exited(int code) { return (code & 0xFF) << 8; }
static inline int killed_by(int signal) { return signal; }

/* The processor time that a rusage speaks of, in microseconds. */
static inline int64_t cpu_us(const struct rusage* usage) {
    return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000LL + usage->ru_utime.tv_usec +
           usage->ru_stime.tv_usec;
}

/* That of this process (RUSAGE_SELF) or of its reaped children (RUSAGE_CHILDREN). */
static inline int64_t used_us(int who) {
    struct rusage usage;
    return sys_getrusage(who, &usage) < 0 ? -1 : cpu_us(&usage);
}

/* A child that calls body(argument) on the stack that ends at `stack_end`, then exits with what that
 * returned; for children that share their parent's memory. Linux's names for the rest. */
#ifdef __cplusplus
extern "C"
#else
extern
#endif
    long
    cpu_clone(uint64_t flags, void* stack, int* parent_tid, int* child_tid,
              uint64_t thread_pointer);

static inline long clone_calling(uint64_t flags, void* stack_end, long (*body)(void*),
                                 void* argument, int* parent_tid, int* child_tid,
                                 uint64_t thread_pointer) {
    uint64_t* top = (uint64_t*)((uintptr_t)stack_end & ~(uintptr_t)15) - 2;
    top[0] = (uint64_t)(uintptr_t)body;
    top[1] = (uint64_t)(uintptr_t)argument;
    return cpu_clone(flags, top, parent_tid, child_tid, thread_pointer);
}

#endif
