// Rows of lat: threads, signals, futexes, ptrace.
#include "lat.h"

#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { futex_wait = 0, futex_wake = 1, futex_private = 128 };  // the kernel's numbers

static long futex(volatile uint32_t* word, int op, uint32_t value) {
    return syscall(SYS_futex, word, op | futex_private, value, NULL, NULL, 0);
}

// user/arch/<cpu>/clone.S: the child calls the function that lies at the stack's top, with the word above
// it, and exits with what that returns.
long cpu_clone(uint64_t flags, void* stack, int* parent_tid, int* child_tid,
               uint64_t thread_pointer);

static char thread_stack[65536] __attribute__((aligned(16)));
static volatile uint32_t thread_tid;  // cleared, and woken, by the kernel

long thread_start(void (*f)(void*), void* arg) {
    const long flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
                       CLONE_SYSVSEM | CLONE_CHILD_CLEARTID;
    void** top = (void**)(thread_stack + sizeof thread_stack) - 2;
    top[0] = (void*)f;
    top[1] = arg;
    thread_tid = 1;
    return cpu_clone(flags, top, NULL, (int*)&thread_tid, 0);
}

void thread_join(void) {
    uint32_t t;
    while ((t = thread_tid) != 0)  // the kernel's wake-up is a shared one
        syscall(SYS_futex, &thread_tid, futex_wait, t, NULL, NULL, 0);
}

static void thread_nothing(void* arg) { (void)arg; }

ns_t row_thread(long n) {
    ns_t t = now();
    for (long i = 0; i < n; i++) {
        if (thread_start(thread_nothing, NULL) < 0) return unsupported;
        thread_join();
    }
    return now() - t;
}

static volatile sig_atomic_t signals;
static void on_signal(int sig) {
    (void)sig;
    signals++;
}

// Whether a handler stays where it is put: a kernel may know the call and not what it is for.
static int installs(int sig, void (*handler)(int)) {
    struct sigaction a, seen;
    memset(&a, 0, sizeof a);
    a.sa_handler = handler;
    return sigaction(sig, &a, NULL) == 0 && sigaction(sig, NULL, &seen) == 0 &&
           seen.sa_handler == handler;
}

ns_t row_sig_install(long n) {
    struct sigaction a;
    memset(&a, 0, sizeof a);
    a.sa_handler = on_signal;
    if (!installs(SIGUSR1, on_signal)) return unsupported;
    ns_t t = now();
    for (long i = 0; i < n; i++) sigaction(SIGUSR1, &a, NULL);
    return now() - t;
}

// The time that n signals to oneself take; unsupported if the handler did not run for each.
static ns_t signal_self(long n) {
    if (!installs(SIGUSR1, on_signal)) return unsupported;
    pid_t me = getpid();
    signals = 0;
    ns_t t = now();
    for (long i = 0; i < n; i++) kill(me, SIGUSR1);
    t = now() - t;
    return signals == n ? t : unsupported;
}

ns_t row_sig_self(long n) { return signal_self(n); }  // kill self, handler, sigreturn

static volatile char* guarded;
static volatile long faults_left;
static void on_fault(int sig) {
    (void)sig;
    if (--faults_left == 0) mprotect((void*)guarded, page, PROT_READ | PROT_WRITE);
}

ns_t row_prot_fault(long n) {  // store faults, handler, sigreturn
    if (signal_self(1) < 0 || !installs(SIGSEGV, on_fault)) return unsupported;
    guarded = xmmap(page, PROT_READ, MAP_PRIVATE);
    faults_left = n;
    ns_t t = now();
    *guarded = 1;
    t = now() - t;
    munmap((void*)guarded, page);
    signal(SIGSEGV, SIG_DFL);
    return t;
}

ns_t row_futex_wake(long n) {  // nobody waits
    volatile uint32_t word = 0;
    if (futex(&word, futex_wake, 1) < 0) return unsupported;
    ns_t t = now();
    for (long i = 0; i < n; i++) futex(&word, futex_wake, 1);
    return now() - t;
}

static volatile uint32_t turn;  // 0 main's, 1 the other's, 2 finished

static void hand_over(uint32_t to) {
    __atomic_store_n(&turn, to, __ATOMIC_SEQ_CST);
    futex(&turn, futex_wake, 1);
}

static void futex_partner(void* arg) {
    (void)arg;
    for (;;) {
        while (turn == 0) futex(&turn, futex_wait, 0);
        if (turn == 2) break;
        hand_over(0);
    }
}

ns_t row_futex_pp(long n) {  // round trip between two threads
    turn = 0;
    if (thread_start(futex_partner, NULL) < 0) return unsupported;
    ns_t t = now();
    for (long i = 0; i < n; i++) {
        hand_over(1);
        while (turn == 1) futex(&turn, futex_wait, 1);
    }
    t = now() - t;
    hand_over(2);
    thread_join();
    return t;
}

static ns_t trace(int request, long n) {
    pid_t p = xfork();
    if (p == 0) {
        if (ptrace(PTRACE_TRACEME, 0, 0, 0) < 0) _exit(1);
        kill(getpid(), SIGSTOP);
        for (;;) syscall(SYS_getppid);
    }
    int status;
    ns_t t = unsupported;
    if (waitpid(p, &status, 0) == p && WIFSTOPPED(status)) {
        t = now();
        for (long i = 0; i < n; i++)
            if (ptrace(request, p, 0, 0) < 0 || waitpid(p, &status, 0) != p) {
                t = unsupported;
                break;
            }
        if (t != unsupported) t = now() - t;
    }
    kill(p, SIGKILL);
    reap(p);
    return t;
}

ns_t row_ptrace_sys(long n) { return trace(PTRACE_SYSCALL, n); }

ns_t row_ptrace_step(long n) { return trace(PTRACE_SINGLESTEP, n); }
