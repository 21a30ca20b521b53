// Random system calls from many processes: numbers, arguments and failing allocations as a seed has them.
// What they answer does not matter; that the kernel lives, and has everything back at the end, does. Runs as
// the first process, on Cairn only: on a real machine it would do harm.
//
//   init=/calls -- SEED CALLS [PROCESSES]
#include "cairn/pipe.h"
#include "soak.h"

namespace {

using soak::Random;

constexpr long kMostSlots = 64, kCallsOfOne = 200;
constexpr int64_t kPatienceNs = 2'000'000'000;  // then a process that sleeps in a call is killed

// What all processes see: how many calls came back.
struct Shared {
    unsigned long calls;
};
Shared* shared;

const char* const kPaths[] = {
    "/tmp/a",    "/tmp/b/c",          "/tmp/b",          "/tmp/link",       "/",
    "",          "/proc/self/status", "/proc/self/maps", "/proc/self/fd/3", "/dev/zero",
    "/dev/null", "/dev/random",       "/nowhere",        "../..",           "/tmp/b/../a"};
constexpr long kPathCount = sizeof kPaths / sizeof kPaths[0];

char* memory;  // some pages that may be overwritten; behind them, nothing
constexpr long kPages = 8;

// ---- one random call -----------------------------------------------------------------------------------

uint64_t draw_argument(Random& random) {
    constexpr uint64_t kOdd[] = {0,
                                 1,
                                 2,
                                 7,
                                 8,
                                 16,
                                 4095,
                                 4096,
                                 4097,
                                 65536,
                                 0x7fffffff,
                                 0x80000000,
                                 0xffffffff,
                                 0x7fffffffffffffff,
                                 0x8000000000000000,
                                 0xffffffffffffffff,
                                 0xffffffff80000000};
    const uint64_t here = reinterpret_cast<uint64_t>(memory);
    switch (random.below(8)) {
        case 0: return kOdd[random.below(sizeof kOdd / sizeof kOdd[0])];
        case 1: return static_cast<uint64_t>(random.below(16));
        case 2:
        case 3: return here + static_cast<uint64_t>(random.below(kPages * PAGE));
        case 4: return here + static_cast<uint64_t>(kPages * PAGE - random.below(64));
        case 5: return reinterpret_cast<uint64_t>(kPaths[random.below(kPathCount)]);
        case 6: return here + static_cast<uint64_t>(random.below(kPages) * PAGE);
        default: return random.next() >> random.below(64);
    }
}

enum class Care { kNone, kNever, kSelf, kClone };

// Calls that would end the search, or make it another one: never; or only for the caller itself.
Care care_for(long number) {
    switch (number) {
        case __NR_reboot:
        case __NR_execve:  // with a path of these it is refused, by chance it becomes a directory's
        case __NR_execveat:
        case __NR_exit:
        case __NR_exit_group:
        case __NR_clone3:
        case __NR_clock_settime:
        case __NR_settimeofday:
        case __NR_ptrace:
        case __NR_chroot:
        case __NR_mount:
        case __NR_umount2:
        case __NR_pivot_root:
        case __NR_process_vm_writev:
        case __NR_vhangup: return Care::kNever;
        case __NR_kill:
        case __NR_tkill:
        case __NR_tgkill:
        case __NR_rt_sigqueueinfo:
        case __NR_rt_tgsigqueueinfo:
        case __NR_pidfd_send_signal:
        case __NR_prlimit64:
        case __NR_setpriority:
        case __NR_sched_setaffinity:
        case __NR_sched_setscheduler:
        case __NR_sched_setparam: return Care::kSelf;
        case __NR_clone: return Care::kClone;
        default: return Care::kNone;
    }
}

// What a child does: it changes mappings, which it may share with its parent, while that goes on.
long map_something(void* seed) {
    constexpr long kNumbers[] = {__NR_mmap,    __NR_munmap, __NR_mprotect,
                                 __NR_madvise, __NR_mremap, __NR_brk};
    Random random = {reinterpret_cast<uint64_t>(seed)};
    for (int i = 0; i < 8; i++) {
        const long number = kNumbers[random.below(sizeof kNumbers / sizeof kNumbers[0])];
        long arguments[5];
        for (long& argument : arguments) argument = static_cast<long>(draw_argument(random));
        arguments[0] = reinterpret_cast<long>(memory) + random.below(kPages) * long{PAGE};
        system_call(number, arguments[0], arguments[1] & 0xffff, arguments[2] & 7,
                    arguments[3] & 0x7f, arguments[4], 0);
    }
    return 0;
}

// A child by any flags. One that shares the stack would do the caller's work again.
void clone_something(Random& random) {
    constexpr long kStacks = 16;
    alignas(16) static char stacks[kStacks][8192];
    static int tids[2], last = 0;
    char* const stack_end = stacks[++last % kStacks] + sizeof stacks[0];
    const uint64_t flags =
        (random.next() & random.next() & 0xffffff00 & ~uint64_t{CLONE_UNTRACED | CLONE_PTRACE}) |
        SIGCHLD;
    // Sometimes the parent waits for it, sometimes both are in the same memory at the same time.
    const uint64_t memory_flags[] = {0, CLONE_VM, CLONE_VM | CLONE_VFORK};
    clone_calling(flags | memory_flags[random.below(3)], stack_end, map_something,
                  reinterpret_cast<void*>(random.next()), &tids[0], &tids[1],
                  reinterpret_cast<uint64_t>(memory));
}

#ifdef __NR_fork
constexpr bool kIsFork(long number) { return number == __NR_fork || number == __NR_vfork; }
#else
constexpr bool kIsFork(long) { return false; }
#endif

void call_something(Random& random) {
    constexpr long kNumbers = 460;
    const long number = random.below(kNumbers);
    const Care care = care_for(number);
    if (care == Care::kNever || kIsFork(number)) return;
    if (care == Care::kClone) return clone_something(random);
    long arguments[6];
    for (long& argument : arguments) argument = static_cast<long>(draw_argument(random));
    if (care == Care::kSelf) {
        arguments[0] = 0;
        if (number == __NR_kill || number == __NR_tkill) arguments[1] = 0;
        if (number == __NR_setpriority) arguments[1] = 0;
        if (number == __NR_tgkill || number > __NR_rt_sigqueueinfo) arguments[2] = 0;
    }
    system_call(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
                arguments[5]);
}

// ---- a process that calls ------------------------------------------------------------------------------

// Descriptors of many kinds, 0 to 9, and nothing of the console's.
void open_things() {
    int fds[2];
    for (int fd = 0; fd < 10; fd++) sys_close(fd);
    open_path("/dev/null", O_RDWR);
    create_path("/tmp/a", O_RDWR | O_CREAT, 0600);
    open_path("/dev/zero", O_RDWR);
    open_path("/tmp", O_RDONLY | O_DIRECTORY);
    sys_pipe2(fds, O_NONBLOCK);
    open_path("/proc/self/status", O_RDONLY);
    open_path("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
}

[[noreturn]] void run_child(Random random) {
    system_call(__NR_setsid, 0, 0, 0, 0, 0, 0);  // kill(0, …) is for itself alone
    const long begin = map_memory((kPages + 1) * PAGE);
    if (begin < 0)
        for (;;) sys_exit_group(0);
    memory = reinterpret_cast<char*>(begin);
    sys_munmap(static_cast<uint64_t>(begin) + kPages * PAGE, PAGE);
    for (long i = 0; i < kPages * static_cast<long>(PAGE); i += 8)
        *reinterpret_cast<uint64_t*>(memory + i) = draw_argument(random);
    open_things();
    const int fail_nth = static_cast<int>(open_path("/proc/self/fail-nth", O_WRONLY));
    for (long i = 0; i < kCallsOfOne; i++) {
        if (random.one_in(4)) {
            char text[8];
            sys_write(fail_nth, text, format_text(text, sizeof text, "%ld", 1 + random.below(12)));
        }
        call_something(random);
        __atomic_fetch_add(&shared->calls, 1, __ATOMIC_RELAXED);
        while (sys_wait4(-1, nullptr, WNOHANG, nullptr) > 0) {
        }
    }
    for (;;) sys_exit_group(0);
}

// ---- the first process ---------------------------------------------------------------------------------

struct Slot {
    long pid = 0;
    int64_t since = 0;
};
Slot slots[kMostSlots];

void take_ended(int options) {
    for (long pid; (pid = sys_wait4(-1, nullptr, options, nullptr)) > 0;) {
        for (Slot& slot : slots) {
            if (slot.pid == pid) slot = {};
        }
    }
}

void end_sleepers(int64_t patience) {
    for (const Slot& slot : slots) {
        if (slot.pid != 0 && monotonic_ns() - slot.since > patience)
            sys_kill(static_cast<int>(slot.pid), SIGKILL);
    }
}

void run_calls(Random& random, unsigned long calls, long processes) {
    const unsigned long end = shared->calls + calls;
    while (shared->calls < end) {
        for (long i = 0; i < processes; i++) {
            if (slots[i].pid != 0) continue;
            const Random theirs = {random.next()};
            const long pid = sys_fork();
            if (pid == 0) run_child(theirs);
            if (pid > 0) slots[i] = {pid, monotonic_ns()};
        }
        take_ended(WNOHANG);
        end_sleepers(kPatienceNs);
        sleep_us(2'000);
    }
    sys_kill(-1, SIGKILL);  // who left its parent, too
    take_ended(0);
}

// What they may have made, so that the memory behind it comes back.
void remove_files() {
    for (int rounds = 0; rounds < 3; rounds++) {
        for (const char* path : kPaths) {
            system_call(__NR_unlinkat, AT_FDCWD, (long)path, 0, 0, 0, 0);
            system_call(__NR_unlinkat, AT_FDCWD, (long)path, AT_REMOVEDIR, 0, 0, 0);
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (sys_getpid() != 1) return print("calls: only as the first process\n"), 2;
    Random random = {argc > 1 ? soak::number_of(argv[1]) : 1};
    const unsigned long calls = argc > 2 ? soak::number_of(argv[2]) : 100'000;
    const long processes = argc > 3 ? static_cast<long>(soak::number_of(argv[3])) : 32;
    shared =
        reinterpret_cast<Shared*>(sys_mmap(0, sizeof(Shared), READ_WRITE, SHARED_ANONYMOUS, -1, 0));
    system_call(__NR_mkdirat, AT_FDCWD, (long)"/tmp", 0777, 0, 0, 0);
    run_calls(random, 5'000, processes);  // what is made once, is made now
    remove_files();
    const soak::Resources before = soak::resources();
    run_calls(random, calls, processes);
    remove_files();
    const bool is_back = soak::tell_resources("calls", before);
    print("calls: done: %lu calls\n", shared->calls);
    return is_back ? 0 : 1;
}
