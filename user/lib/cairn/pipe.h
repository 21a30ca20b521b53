/* Pipes and waiting for descriptors, raw as the calls of cairn/syscall.h. Usable from C and from C++. */
#ifndef CAIRN_PIPE_H
#define CAIRN_PIPE_H

#include <asm/poll.h>

#include "cairn/files.h"

static inline long sys_pipe2(int fds[2], int flags) {
    return system_call(__NR_pipe2, (long)fds, flags, 0, 0, 0, 0);
}

static inline long sys_dup3(int from, int to, int flags) {
    return system_call(__NR_dup3, from, to, flags, 0, 0, 0);
}

static inline long sys_fcntl(int fd, int command, long argument) {
    return system_call(__NR_fcntl, fd, command, argument, 0, 0, 0);
}

static inline long sys_ppoll(struct pollfd* fds, unsigned count,
                             const struct __kernel_timespec* timeout) {
    return system_call(__NR_ppoll, (long)fds, count, (long)timeout, 0, 8, 0);
}

/* The events of one descriptor now, without waiting. */
static inline long events_now(int fd, short wanted) {
    struct pollfd one = {fd, wanted, 0};
    struct __kernel_timespec now = {0, 0};
    long count = sys_ppoll(&one, 1, &now);
    return count < 0 ? count : one.revents;
}

/* One word through a pipe; the number of bytes, or an error. */
static inline long put_word(int fd, uint64_t word) { return sys_write(fd, &word, sizeof word); }

/* The next word of a pipe, or the fallback at its end. */
static inline uint64_t take_word(int fd, uint64_t fallback) {
    uint64_t word;
    return sys_read(fd, &word, sizeof word) == sizeof word ? word : fallback;
}

#endif
