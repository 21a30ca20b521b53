// What the rows of the latency benchmark share (lat.c). A row runs n operations and answers the time that
// they took in nanoseconds, or `unsupported`.
#pragma once
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef int64_t ns_t;
enum { unsupported = -1 };
enum { page = 4096, MiB = 1 << 20 };

// The file that runs, for the row that executes it again.
extern char self_path[256];

ns_t now(void);
void die(const char* what) __attribute__((noreturn));

// Calls that end the benchmark if they fail.
pid_t xfork(void);
void xpipe(int fd[2]);
void* xmmap(size_t size, int prot, int share);

void reap(pid_t p);
void put1(int fd);
int get1(int fd);

// A thread without a thread library: calls f(arg) on a stack of its own and exits. -1: not supported.
long thread_start(void (*f)(void*), void* arg);
void thread_join(void);

ns_t row_cpu(long n), row_clock(long n), row_null(long n), row_read1(long n), row_write1(long n);
ns_t row_open(long n), row_pipe_self(long n), row_pipe_pp(long n), row_ctx(long n),
    row_fork(long n);
ns_t row_vfork(long n), row_exec_self(long n), row_exec_tiny(long n), row_pagefault(long n);
ns_t row_mmap(long n), row_cow(long n), row_sleep_over(long n), row_wait_nohang(long n);
ns_t row_pipe_1m(long n), row_file_64k(long n), row_fair(long n);
ns_t row_thread(long n), row_sig_install(long n), row_sig_self(long n), row_prot_fault(long n);
ns_t row_futex_wake(long n), row_futex_pp(long n), row_ptrace_sys(long n), row_ptrace_step(long n);
