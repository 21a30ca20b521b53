// Rows of lat: calls, files, pipes, processes, memory.
#include "lat.h"

#include <elf.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tiny_program.h"

enum { chunk_pages = 1024 };

static void* small_pages(size_t size, int share) {
    void* p = xmmap(size, PROT_READ | PROT_WRITE, share);
    madvise(p, size, MADV_NOHUGEPAGE);
    return p;
}

ns_t row_cpu(long n) {  // 1000 turns of an empty loop
    ns_t t = now();
    for (long i = 0; i < n * 1000; i++) __asm__ volatile("" ::: "memory");
    return now() - t;
}

ns_t row_clock(long n) {
    ns_t t = now();
    for (long i = 0; i < n; i++) (void)now();
    return now() - t;
}

ns_t row_null(long n) {
    ns_t t = now();
    for (long i = 0; i < n; i++) syscall(SYS_getppid);
    return now() - t;
}

static ns_t one_byte(const char* file, int mode, long n) {
    char c = 0;
    int fd = open(file, mode);
    if (fd < 0) return unsupported;
    ns_t t = now();
    if (mode == O_RDONLY)
        for (long i = 0; i < n; i++) syscall(SYS_read, fd, &c, 1);
    else
        for (long i = 0; i < n; i++) syscall(SYS_write, fd, &c, 1);
    t = now() - t;
    close(fd);
    return t;
}

ns_t row_read1(long n) { return one_byte("/dev/zero", O_RDONLY, n); }

ns_t row_write1(long n) { return one_byte("/dev/null", O_WRONLY, n); }

ns_t row_open(long n) {
    ns_t t = now();
    for (long i = 0; i < n; i++) {
        int fd = open("/dev/null", O_RDONLY);
        if (fd < 0) return unsupported;
        close(fd);
    }
    return now() - t;
}

ns_t row_pipe_self(long n) {  // write and read a byte, one process
    int fd[2];
    xpipe(fd);
    ns_t t = now();
    for (long i = 0; i < n; i++) {
        put1(fd[1]);
        get1(fd[0]);
    }
    t = now() - t;
    close(fd[0]);
    close(fd[1]);
    return t;
}

ns_t row_pipe_pp(long n) {  // round trip between two processes
    int to[2], from[2];
    xpipe(to);
    xpipe(from);
    pid_t p = xfork();
    if (p == 0) {
        close(to[1]);
        while (get1(to[0])) put1(from[1]);
        _exit(0);
    }
    put1(to[1]);
    get1(from[0]);
    ns_t t = now();
    for (long i = 0; i < n; i++) {
        put1(to[1]);
        get1(from[0]);
    }
    t = now() - t;
    close(to[1]);
    reap(p);
    close(to[0]);
    close(from[0]);
    close(from[1]);
    return t;
}

ns_t row_ctx(long n) {  // half a round trip, less the pipe work
    ns_t t = row_pipe_pp(n) / 2 - row_pipe_self(n);
    return t > 0 ? t : 1;
}

ns_t row_fork(long n) {
    ns_t t = now();
    for (long i = 0; i < n; i++) {
        pid_t p = xfork();
        if (p == 0) _exit(0);
        reap(p);
    }
    return now() - t;
}

static __attribute__((noinline)) pid_t vfork_exit(void) {
    pid_t p = vfork();
    if (p == 0) _exit(0);
    return p;
}

ns_t row_vfork(long n) {
    ns_t t = now();
    for (long i = 0; i < n; i++) {
        pid_t p = vfork_exit();
        if (p < 0) return unsupported;
        reap(p);
    }
    return now() - t;
}

static ns_t fork_exec(const char* file, long n) {
    char *argv[] = {"lat", "--exit", NULL}, *envp[] = {NULL};
    ns_t t = now();
    for (long i = 0; i < n; i++) {
        int status = -1;
        pid_t p = xfork();
        if (p == 0) {
            execve(file, argv, envp);
            _exit(127);
        }
        waitpid(p, &status, 0);
        if (status != 0) return unsupported;
    }
    return now() - t;
}

ns_t row_exec_self(long n) { return fork_exec(self_path, n); }

// The least program there is: one page that calls exit(0). Measures the
// kernel's part of an exec without any libc's start-up.
ns_t row_exec_tiny(long n) {
    enum { base = 0x100000 };
    struct {
        Elf64_Ehdr e;
        Elf64_Phdr p;
        char text[16];
    } image;
    memset(&image, 0, sizeof image);
    memcpy(image.e.e_ident, ELFMAG, SELFMAG);
    image.e.e_ident[EI_CLASS] = ELFCLASS64;
    image.e.e_ident[EI_DATA] = ELFDATA2LSB;
    image.e.e_ident[EI_VERSION] = EV_CURRENT;
    image.e.e_type = ET_EXEC;
    image.e.e_machine = kTinyMachine;
    image.e.e_version = EV_CURRENT;
    image.e.e_entry = base + sizeof image.e + sizeof image.p;
    image.e.e_phoff = sizeof image.e;
    image.e.e_ehsize = sizeof image.e;
    image.e.e_phentsize = sizeof image.p;
    image.e.e_phnum = 1;
    image.p.p_type = PT_LOAD;
    image.p.p_flags = PF_R | PF_X;
    image.p.p_vaddr = image.p.p_paddr = base;
    image.p.p_filesz = image.p.p_memsz = sizeof image;
    image.p.p_align = page;
    memcpy(image.text, kTinyCode, sizeof kTinyCode);

    const char* file = "/tmp/lat.tiny";
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    if (fd < 0) return unsupported;
    ssize_t w = write(fd, &image, sizeof image);
    close(fd);
    ns_t t = w == sizeof image ? fork_exec(file, n) : unsupported;
    unlink(file);
    return t;
}

ns_t row_pagefault(long n) {  // first touch of anonymous memory
    ns_t total = 0;
    for (long m; n > 0; n -= m) {
        m = n < chunk_pages ? n : chunk_pages;
        volatile char* p = small_pages(m * page, MAP_PRIVATE);
        ns_t t = now();
        for (long i = 0; i < m; i++) p[i * page] = 1;
        total += now() - t;
        munmap((void*)p, m * page);
    }
    return total;
}

ns_t row_mmap(long n) {  // map and unmap 64 KiB, untouched
    ns_t t = now();
    for (long i = 0; i < n; i++) munmap(xmmap(65536, PROT_READ | PROT_WRITE, MAP_PRIVATE), 65536);
    return now() - t;
}

ns_t row_cow(long n) {  // a child's first store to a shared page
    volatile ns_t* total = xmmap(page, PROT_READ | PROT_WRITE, MAP_SHARED);
    for (long m; n > 0; n -= m) {
        m = n < chunk_pages ? n : chunk_pages;
        volatile char* p = small_pages(m * page, MAP_PRIVATE);
        for (long i = 0; i < m; i++) p[i * page] = 1;
        pid_t child = xfork();
        if (child == 0) {
            ns_t t = now();
            for (long i = 0; i < m; i++) p[i * page] = 2;
            *total += now() - t;
            _exit(0);
        }
        reap(child);
        munmap((void*)p, m * page);
    }
    ns_t t = *total;
    munmap((void*)total, page);
    return t;
}

ns_t row_sleep_over(long n) {  // how late a 1 ms sleep returns
    struct timespec ms = {0, 1000000};
    prctl(PR_SET_TIMERSLACK, 1);
    ns_t total = 0;
    for (long i = 0; i < n; i++) {
        ns_t t = now();
        if (clock_nanosleep(CLOCK_MONOTONIC, 0, &ms, NULL) != 0) return unsupported;
        total += now() - t - 1000000;
    }
    return total;
}

ns_t row_wait_nohang(long n) {  // one live child
    pid_t p = xfork();
    if (p == 0)
        for (;;) ppoll(NULL, 0, NULL, NULL);
    ns_t t = now();
    for (long i = 0; i < n; i++) wait4(p, NULL, WNOHANG, NULL);
    t = now() - t;
    kill(p, SIGKILL);
    reap(p);
    return t;
}

ns_t row_pipe_1m(long n) {  // 1 MiB from process to process
    char* buf = xmmap(MiB, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    memset(buf, 1, MiB);
    int fd[2];
    xpipe(fd);
    pid_t p = xfork();
    if (p == 0) {
        for (long i = 0; i < n + 1; i++)
            for (long done = 0, w; done < MiB; done += w)
                if ((w = write(fd[1], buf + done, MiB - done)) <= 0) _exit(1);
        _exit(0);
    }
    close(fd[1]);
    ns_t t = 0;
    for (long left = (n + 1) * (long)MiB, r; left > 0; left -= r) {
        if (t == 0 && left <= n * (long)MiB)  // the first MiB warms up
            t = now();
        if ((r = read(fd[0], buf, MiB)) <= 0) break;
    }
    t = now() - t;
    close(fd[0]);
    reap(p);
    munmap(buf, MiB);
    return t;
}

ns_t row_file_64k(long n) {  // 64 KiB out of a cached 1 MiB file
    const char* file = "/tmp/lat.data";
    static char buf[65536];
    int fd = open(file, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (fd < 0) return unsupported;
    memset(buf, 1, sizeof buf);
    for (int i = 0; i < 16; i++)
        if (write(fd, buf, sizeof buf) != (ssize_t)sizeof buf) die("write");
    ns_t t = now();
    for (long i = 0; i < n; i++)
        if (pread(fd, buf, sizeof buf, (i & 15) * sizeof buf) != (ssize_t)sizeof buf) die("pread");
    t = now() - t;
    close(fd);
    unlink(file);
    return t;
}

// Not in the default list: four busy processes on one processor for 0.4 s.
// Answers how much more work the luckiest did than the unluckiest, in tenths
// of a per cent (0 is perfectly fair), not a time.
ns_t row_fair(long n) {
    (void)n;
    enum { runners = 4 };
    struct {
        volatile uint64_t work[runners * 8];
        volatile int go, stop;
    }* s = xmmap(page, PROT_READ | PROT_WRITE, MAP_SHARED);
    pid_t p[runners];
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    for (int i = 0; i < runners; i++)
        if ((p[i] = xfork()) == 0) {
            sched_setaffinity(0, sizeof one, &one);
            while (!s->go) sched_yield();
            while (!s->stop) s->work[i * 8]++;
            _exit(0);
        }
    struct timespec span = {0, 400000000}, settle = {0, 20000000};
    nanosleep(&settle, NULL);
    s->go = 1;
    nanosleep(&span, NULL);
    s->stop = 1;
    uint64_t least = UINT64_MAX, most = 0;
    for (int i = 0; i < runners; i++) {
        reap(p[i]);
        uint64_t w = s->work[i * 8];
        least = w < least ? w : least;
        most = w > most ? w : most;
    }
    munmap(s, page);
    return least ? (ns_t)((most - least) * 1000 / least) : unsupported;
}
