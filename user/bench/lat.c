// A small latency benchmark for the system-call interface: portable C, nothing but libc; linked statically,
// it runs as an ordinary program of Linux's or as process 1 (make bench LAT=1).
//
//   lat [-v] [-k BATCHES] [-t MICROSECONDS] [--settle MILLISECONDS] [--pin] [--poweroff] [ROW...]
//   lat --list
//
// Every row prints "name ns_per_op" (the median of k batches; with -v also the least and the greatest batch
// and the operations in one). A row that the system does not support prints "name -". Under QEMU's
// -icount shift=0 an instruction takes a nanosecond, so the figures are instructions per operation.
#include "lat.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

char self_path[256] = "/init";

void die(const char* what) {
    fprintf(stderr, "lat: %s: %s\n", what, strerror(errno));
    if (getpid() == 1) reboot(RB_POWER_OFF);
    exit(1);
}

ns_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (ns_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void reap(pid_t p) {
    while (waitpid(p, NULL, 0) < 0 && errno == EINTR)
        ;
}

void put1(int fd) {
    char c = 0;
    if (write(fd, &c, 1) != 1) _exit(1);
}

int get1(int fd) {
    char c;
    return read(fd, &c, 1) == 1;
}

pid_t xfork(void) {
    pid_t p = fork();
    if (p < 0) die("fork");
    return p;
}

void xpipe(int fd[2]) {
    if (pipe(fd) < 0) die("pipe");
}

void* xmmap(size_t size, int prot, int share) {
    void* p = mmap(NULL, size, prot, share | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) die("mmap");
    return p;
}

// ---- harness ----------------------------------------------------------------

static const struct row {
    const char* name;
    ns_t (*run)(long n);
    long max;   // most operations in a batch, 0 no limit
    int extra;  // only when asked for by name
} rows[] = {
    {"cpu_1k", row_cpu, 0, 0},
    {"clock", row_clock, 0, 0},
    {"null", row_null, 0, 0},
    {"read1", row_read1, 0, 0},
    {"write1", row_write1, 0, 0},
    {"open_close", row_open, 0, 0},
    {"pipe_self", row_pipe_self, 0, 0},
    {"pipe_pp", row_pipe_pp, 0, 0},
    {"ctx", row_ctx, 0, 0},
    {"fork", row_fork, 0, 0},
    {"vfork", row_vfork, 0, 0},
    {"thread", row_thread, 0, 0},
    {"exec_tiny", row_exec_tiny, 0, 0},
    {"exec_self", row_exec_self, 0, 0},
    {"sig_install", row_sig_install, 0, 0},
    {"sig_self", row_sig_self, 0, 0},
    {"prot_fault", row_prot_fault, 0, 0},
    {"pagefault", row_pagefault, 0, 0},
    {"mmap", row_mmap, 0, 0},
    {"cow", row_cow, 0, 0},
    {"futex_wake", row_futex_wake, 0, 0},
    {"futex_pp", row_futex_pp, 0, 0},
    {"sleep_over", row_sleep_over, 5, 0},
    {"ptrace_sys", row_ptrace_sys, 0, 0},
    {"ptrace_step", row_ptrace_step, 0, 0},
    {"wait_nohang", row_wait_nohang, 0, 0},
    {"pipe_1m", row_pipe_1m, 64, 0},
    {"file_64k", row_file_64k, 0, 0},
    {"fair", row_fair, 1, 1},
};
enum { nrows = sizeof rows / sizeof rows[0], most_batches = 101 };

static int ascending(const void* a, const void* b) {
    double x = *(const double*)a, y = *(const double*)b;
    return (x > y) - (x < y);
}

static void measure(const struct row* r, int batches, ns_t target, int verbose) {
    // Find how many operations fill a batch; this also warms everything up.
    long n = 1;
    ns_t t;
    while ((t = r->run(n)) >= 0 && t < target && (r->max == 0 || n < r->max)) {
        long grow = t > 0 ? target / t + 1 : 10;
        n *= grow < 2 ? 2 : grow > 10 ? 10 : grow;
        if (r->max != 0 && n > r->max) n = r->max;
    }
    double v[most_batches];
    for (int i = 0; i < batches && t >= 0; i++) {
        t = r->run(n);
        v[i] = (double)t / n;
    }
    if (t < 0) {
        printf("%s -\n", r->name);
    } else {
        qsort(v, batches, sizeof v[0], ascending);
        printf("%s %.1f", r->name, v[batches / 2]);
        if (verbose) printf(" min %.1f max %.1f n %ld", v[0], v[batches - 1], n);
        putchar('\n');
    }
    fflush(stdout);
}

static void become_init(void) {
    mkdir("/dev", 0755);
    mkdir("/proc", 0755);
    mkdir("/tmp", 0777);
    mount("dev", "/dev", "devtmpfs", 0, NULL);
    mount("proc", "/proc", "proc", 0, NULL);
    int fd = open("/dev/console", O_RDWR);
    if (fd >= 0) {
        dup2(fd, 0);
        dup2(fd, 1);
        dup2(fd, 2);
        if (fd > 2) close(fd);
    }
}

struct options {
    int batches, verbose, poweroff, chosen;
    ns_t target;
    long settle;  // milliseconds to idle first
    char wanted[nrows];
};

static int choose_row(struct options* o, const char* name) {
    for (int r = 0; r < nrows; r++) {
        if (strcmp(name, rows[r].name) == 0) return o->wanted[r] = 1, o->chosen++, 1;
    }
    fprintf(stderr, "lat: unknown argument: %s\n", name);
    return 0;
}

static void pin(void) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    sched_setaffinity(0, sizeof one, &one);
}

// Whether all arguments were understood.
static int read_options(struct options* o, int argc, char** argv) {
    int good = 1;
    for (int i = 1; i < argc; i++) {
        const char* a = argv[i];
        const int has_value = i + 1 < argc;
        if (strcmp(a, "-v") == 0)
            o->verbose = 1;
        else if (strcmp(a, "-k") == 0 && has_value)
            o->batches = atoi(argv[++i]);
        else if (strcmp(a, "-t") == 0 && has_value)
            o->target = (ns_t)atol(argv[++i]) * 1000;
        else if (strcmp(a, "--settle") == 0 && has_value)
            o->settle = atol(argv[++i]);
        else if (strcmp(a, "--pin") == 0)
            pin();
        else if (strcmp(a, "--poweroff") == 0)
            o->poweroff = 1;
        else
            good &= choose_row(o, a);
    }
    return good && o->batches >= 1 && o->batches <= most_batches && o->target >= 1;
}

int main(int argc, char** argv) {
    if (argc == 2 && strcmp(argv[1], "--exit") == 0) return 0;
    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        for (int r = 0; r < nrows; r++) puts(rows[r].name);
        return 0;
    }
    const int init = getpid() == 1;
    if (init)
        become_init();
    else if (argc > 0)
        snprintf(self_path, sizeof self_path, "%s", argv[0]);
    ssize_t len = readlink("/proc/self/exe", self_path, sizeof self_path - 1);
    if (len > 0) self_path[len] = 0;

    struct options o = {.batches = 11, .poweroff = init, .target = 10000000};
    const int good = read_options(&o, argc, argv);
    if (o.settle > 0) {
        struct timespec t = {o.settle / 1000, o.settle % 1000 * 1000000};
        nanosleep(&t, NULL);
    }
    for (int r = 0; r < nrows && good; r++) {
        if (o.wanted[r] || (!o.chosen && !rows[r].extra))
            measure(&rows[r], o.batches, o.target, o.verbose);
    }
    if (init) puts(good ? "lat: done" : "lat: not understood");
    fflush(stdout);
    if (o.poweroff) {
        sync();
        reboot(RB_POWER_OFF);
    }
    return !good;
}
