// Hundreds of processes at a time that fork, exit, wait, talk through pipes and files, copy on write, are
// killed and orphaned, as a seed has it; every status and every byte is looked at. Runs as the first process:
//
//   init=/soak -- SEED SECONDS [PROCESSES]
#include "soak.h"
#include "cairn/pipe.h"

namespace {

using soak::Random;

constexpr int kMostSlots = 256;
enum { kFine = 0, kWrong = 77 };

// ---- what a child does: its exit code, or how it comes to its end --------------------------------------

// Whether the next child to end ended so.
bool next_ends_with(long pid, int status) {
    int seen = -1;
    return sys_wait4(static_cast<int>(pid), &seen, 0, nullptr) == pid && seen == status;
}

int chain(long depth) {
    if (depth == 0) return kFine;
    const long child = sys_fork();
    if (child == 0) sys_exit_group(chain(depth - 1));
    return child == -EAGAIN || child == -ENOMEM || next_ends_with(child, exited(kFine)) ? kFine
                                                                                        : kWrong;
}

// Bytes of a child through a pipe, in pieces of any size, in order.
int talk(Random& random) {
    int fds[2];
    if (sys_pipe2(fds, 0) < 0) return kFine;
    static char bytes[8192];
    const long total = 1 + random.below(200'000), piece = 1 + random.below(sizeof bytes);
    const long child = sys_fork();
    if (child == 0) {
        sys_close(fds[0]);
        for (long done = 0; done < total;) {
            const long count = total - done < piece ? total - done : piece;
            for (long i = 0; i < count; i++) bytes[i] = static_cast<char>((done + i) * 7);
            const long written = sys_write(fds[1], bytes, static_cast<size_t>(count));
            if (written <= 0) sys_exit_group(kWrong);
            done += written;
        }
        sys_exit_group(kFine);
    }
    sys_close(fds[1]);
    long seen = 0;
    for (long count; child > 0 && (count = sys_read(fds[0], bytes, sizeof bytes)) > 0;
         seen += count) {
        for (long i = 0; i < count; i++) {
            if (bytes[i] != static_cast<char>((seen + i) * 7)) return kWrong;
        }
    }
    if (child < 0) return kFine;
    return seen == total && next_ends_with(child, exited(kFine)) ? kFine : kWrong;
}

// The names that a process's file has, one after the other.
struct FileNames {
    char first[32], second[32];
    explicit FileNames(long pid) {
        format_text(first, sizeof first, "/tmp/soak.%ld", pid);
        format_text(second, sizeof second, "/tmp/soak.%ld.x", pid);
    }
};

long remove_file(const char* path) {
    return system_call(__NR_unlinkat, AT_FDCWD, (long)path, 0, 0, 0, 0);
}

// A file of its own: written, renamed, read, removed.
int keep_file(Random& random) {
    const FileNames names(sys_getpid());
    static char bytes[16384];
    const long size = 1 + random.below(sizeof bytes);
    for (long i = 0; i < size; i++) bytes[i] = static_cast<char>(i * 13);
    const long fd = create_path(names.first, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0) return fd == -ENOMEM || fd == -ENOSPC ? kFine : kWrong;
    if (sys_write(static_cast<int>(fd), bytes, static_cast<size_t>(size)) != size) return kWrong;
    system_call(__NR_renameat2, AT_FDCWD, (long)names.first, AT_FDCWD, (long)names.second, 0, 0);
    for (char& byte : bytes) byte = 0;
    if (sys_pread(static_cast<int>(fd), bytes, sizeof bytes, 0) != size) return kWrong;
    for (long i = 0; i < size; i++) {
        if (bytes[i] != static_cast<char>(i * 13)) return kWrong;
    }
    return remove_file(names.second) == 0 ? kFine : kWrong;
}

// Memory that a child changes stays as it was.
int copy_on_write(Random& random) {
    const long pages = 1 + random.below(64);
    const long begin = map_memory(static_cast<uint64_t>(pages) * PAGE);
    if (begin < 0) return kFine;
    for (long i = 0; i < pages; i++) *at(static_cast<uint64_t>(begin) + i * PAGE) = i;
    const long child = sys_fork();
    if (child == 0) {
        for (long i = 0; i < pages; i++) *at(static_cast<uint64_t>(begin) + i * PAGE) = 1000;
        sys_exit_group(kFine);
    }
    for (int turns = 0; turns < 3; turns++) sys_sched_yield();
    for (long i = 0; i < pages; i++) {
        if (*at(static_cast<uint64_t>(begin) + i * PAGE) != static_cast<uint64_t>(i)) return kWrong;
    }
    return child < 0 || next_ends_with(child, exited(kFine)) ? kFine : kWrong;
}

// Leaves a child behind, for the first process to reap.
int leave_orphan(Random& random) {
    const long us = random.below(20'000);
    if (sys_fork() == 0) sleep_us(us);
    return kFine;
}

long exit_code(void* code) { return *static_cast<int*>(code); }

int share_memory(Random& random) {
    alignas(16) static char stack[8192];
    static int code;
    code = static_cast<int>(random.below(256));
    const long child = clone_calling(CLONE_VM | CLONE_VFORK | SIGCHLD, stack + sizeof stack,
                                     exit_code, &code, nullptr, nullptr, 0);
    return child < 0 || next_ends_with(child, exited(code)) ? kFine : kWrong;
}

[[noreturn]] void run_child(Random random) {
    int code = kFine;
    switch (random.below(9)) {
        case 0: code = chain(1 + random.below(6)); break;
        case 1: code = talk(random); break;
        case 2: code = keep_file(random); break;
        case 3: code = copy_on_write(random); break;
        case 4: code = leave_orphan(random); break;
        case 5: code = share_memory(random); break;
        case 6: sleep_us(random.below(50'000)); break;
        case 7:
            for (long spin = random.below(2'000'000); spin > 0; spin--) asm volatile("");
            break;
        case 8: {
            char self[] = "/proc/self/exe", word[] = "--exit";
            char* words[] = {self, word, nullptr};
            sys_execve(self, words, words + 2);
            break;  // not without memory
        }
    }
    for (;;) sys_exit_group(code);
}

// ---- the first process ---------------------------------------------------------------------------------

struct Slot {
    long pid = 0;
    bool is_killed = false;
};
Slot slots[kMostSlots];
long wrong, ended;

// Takes one child away and looks at its end; false if there is none.
bool reap() {
    int status = 0;
    const long pid = sys_wait4(-1, &status, 0, nullptr);
    if (pid <= 0) return false;
    ended++;
    for (Slot& slot : slots) {
        if (slot.pid != pid) continue;
        const bool may_be_killed = slot.is_killed && status == killed_by(SIGKILL);
        if (status != exited(kFine) && !may_be_killed) {
            wrong++;
            print("soak: WRONG: process %ld ended with status 0x%x\n", pid, status);
        }
        if (slot.is_killed) {
            const FileNames left(pid);
            remove_file(left.first);
            remove_file(left.second);
        }
        slot = {};
        return true;
    }
    // An orphan whose parent was killed may find its pipe closed, and no more.
    const int signal = status & 0x7f;
    if (signal != 0 && signal != SIGPIPE) {
        wrong++;
        print("soak: WRONG: orphan %ld, status 0x%x\n", pid, status);
    }
    return true;
}

void run_for(Random& random, int64_t ns, long count) {
    const int64_t end = monotonic_ns() + ns;
    int64_t told = monotonic_ns();
    while (monotonic_ns() < end) {
        Slot& slot = slots[random.below(count)];
        if (slot.pid != 0) {
            if (!slot.is_killed && random.one_in(8)) {
                slot.is_killed = true;
                sys_kill(static_cast<int>(slot.pid), SIGKILL);
            }
            reap();
            continue;
        }
        const Random theirs = {random.next()};
        const long pid = sys_fork();
        if (pid == 0) run_child(theirs);
        if (pid > 0) slot = {pid, false};
        if (pid < 0 && !reap())
            wrong++, print("soak: WRONG: fork fails without children: %ld\n", pid);
        if (monotonic_ns() - told < 10'000'000'000) continue;
        told = monotonic_ns();
        print("soak: %ld processes have ended\n", ended);
    }
    while (reap()) {
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1 && argv[1][0] == '-') return 0;
    sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);  // on Linux it may be no first process
    Random random = {argc > 1 ? soak::number_of(argv[1]) : 1};
    const int64_t seconds = argc > 2 ? static_cast<int64_t>(soak::number_of(argv[2])) : 10;
    const long count = argc > 3 ? static_cast<long>(soak::number_of(argv[3])) : 200;
    system_call(__NR_mkdirat, AT_FDCWD, (long)"/tmp", 0777, 0, 0, 0);
    run_for(random, 500'000'000, count);  // what is made once, is made now
    const soak::Resources before = soak::resources();
    run_for(random, seconds * 1'000'000'000, count);
    const bool is_back = soak::tell_resources("soak", before);
    print("soak: done: %ld processes ended, %ld wrong\n", ended, wrong);
    return wrong == 0 && is_back ? 0 : 1;
}
