// How dear processes are: a context switch, fork, vfork, a pipe's round trip, a copy-on-write fault, wait4
// of nobody who has ended; and fork, wait and wake-up among many zombies and sleepers. As empty_call.cc;
// called by tools/bench.py.
#include "cairn/memory.h"
#include "cairn/pipe.h"
#include "cairn/print.h"
#include "cairn/process.h"

namespace {

constexpr long kTimes = 200;

// Instructions of one run of `work`, over kTimes runs after a first that warms up.
template <typename Work>
long measure(Work work) {
    work();
    const int64_t before = monotonic_ns();
    for (long i = 0; i < kTimes; i++) work();
    return static_cast<long>(monotonic_ns() - before) / kTimes;
}

void wait_for(long pid) { sys_wait4(static_cast<int>(pid), nullptr, 0, nullptr); }

void fork_and_wait() {
    const long child = sys_fork();
    if (child == 0) sys_exit_group(0);
    wait_for(child);
}

long exit_at_once(void*) { return 0; }

alignas(16) char child_stack[4096];

void vfork_and_wait() {
    wait_for(clone_calling(CLONE_VM | CLONE_VFORK | SIGCHLD, child_stack + sizeof child_stack,
                           exit_at_once, nullptr, nullptr, nullptr, 0));
}

// A child that answers each byte of a pipe with one byte.
struct Partner {
    int to[2], from[2];
    long pid;

    Partner() {
        sys_pipe2(to, 0);
        sys_pipe2(from, 0);
        pid = sys_fork();
        if (pid != 0) return;
        char byte;
        sys_close(to[1]);
        while (sys_read(to[0], &byte, 1) == 1) sys_write(from[1], &byte, 1);
        sys_exit_group(0);
    }
    ~Partner() {
        for (int i = 0; i < 2; i++) {
            sys_close(to[i]);
            sys_close(from[i]);
        }
        wait_for(pid);
    }
    void round_trip() {
        char byte = 0;
        sys_write(to[1], &byte, 1);
        sys_read(from[0], &byte, 1);
    }
};

// A byte through a pipe that nobody else uses: what a round trip costs beside its two switches, twice.
long pipe_alone() {
    int fds[2];
    sys_pipe2(fds, 0);
    const long cost = measure([&] {
        char byte = 0;
        sys_write(fds[1], &byte, 1);
        sys_read(fds[0], &byte, 1);
    });
    sys_close(fds[0]);
    sys_close(fds[1]);
    return cost;
}

// A child's first writes to pages that it shares with its parent.
long copy_on_write() {
    constexpr long kPages = 256;
    long* told = reinterpret_cast<long*>(sys_mmap(0, PAGE, READ_WRITE, SHARED_ANONYMOUS, -1, 0));
    char* memory = reinterpret_cast<char*>(map_memory(kPages * PAGE));
    for (long i = 0; i < kPages; i++) memory[i * PAGE] = 1;
    const long child = sys_fork();
    if (child == 0) {
        const int64_t before = monotonic_ns();
        for (long i = 0; i < kPages; i++) memory[i * PAGE] = 2;
        *told = static_cast<long>(monotonic_ns() - before) / kPages;
        sys_exit_group(0);
    }
    wait_for(child);
    return *told;
}

long wait_for_nobody() {
    const long child = sys_fork();
    while (child == 0) sleep_us(1'000'000'000);
    const long cost =
        measure([&] { sys_wait4(static_cast<int>(child), nullptr, WNOHANG, nullptr); });
    sys_kill(static_cast<int>(child), SIGKILL);
    wait_for(child);
    return cost;
}

void tell(const char* name, long figure) { print("bench %s %ld\n", name, figure); }

// fork with wait, and a wake-up, as they are now.
void tell_among(const char* whom) {
    char name[32];
    format_text(name, sizeof name, "fork_among_%s", whom);
    tell(name, measure(fork_and_wait));
    format_text(name, sizeof name, "wake_among_%s", whom);
    Partner partner;
    tell(name, measure([&] { partner.round_trip(); }));
}

enum class Crowd { kZombies, kSleepers };

// Children that end at once and that nobody waits for, or that sleep until this process ends. How many
// there came to be.
long make_crowd(long count, Crowd crowd) {
    int fds[2];
    sys_pipe2(fds, 0);
    for (long i = 0; i < count; i++) {
        const long child = sys_fork();
        if (child < 0) return i;
        if (child != 0) continue;
        char byte;
        sys_close(fds[1]);
        if (crowd == Crowd::kSleepers) sys_read(fds[0], &byte, 1);
        sys_exit_group(0);
    }
    sleep_us(1'000'000);  // until all of them have come to their end, or their sleep
    return count;
}

}  // namespace

int main(int argc, char**) {
    if (argc == 1) {
        tell("pipe_alone", pipe_alone());
        {
            Partner partner;
            tell("pipe_round_trip", measure([&] { partner.round_trip(); }));
        }
        tell("fork_exit_wait", measure(fork_and_wait));
        tell("vfork_exit_wait", measure(vfork_and_wait));
        tell("copy_on_write", copy_on_write());
        tell("wait_nohang", wait_for_nobody());
        return 0;
    }
    // With an argument: among many.
    constexpr long kMany = 10'000;
    tell_among("few");
    tell("zombies", make_crowd(kMany, Crowd::kZombies));
    tell_among("zombies");
    while (sys_wait4(-1, nullptr, 0, nullptr) > 0) {
    }
    tell("sleepers", make_crowd(kMany, Crowd::kSleepers));
    tell_among("sleepers");
    return 0;
}
