// How late a sleeper is beside a process that keeps the kernel busy, and for how long a process that
// computes does not run when another one comes. Worst times, in nanoseconds. Called by tools/bench.py.
#include "cairn/files.h"
#include "cairn/memory.h"
#include "cairn/pipe.h"
#include "cairn/print.h"
#include "cairn/process.h"

namespace {

constexpr int64_t kMillisecond = 1'000'000;
constexpr size_t kLarge = 64 << 20;

void tell(const char* name, int64_t figure) { print("bench %s %ld\n", name, figure); }

// Runs `work` in another process, again and again, while `look` looks.
template <typename Work, typename Look>
int64_t beside(Work work, Look look) {
    const long child = sys_fork();
    if (child == 0) {
        for (;;) work();
    }
    const int64_t figure = look();
    sys_kill(static_cast<int>(child), SIGKILL);
    sys_wait4(static_cast<int>(child), nullptr, 0, nullptr);
    return figure;
}

int64_t worst_lateness() {
    int64_t worst = 0;
    for (int i = 0; i < 200; i++) {
        const int64_t before = monotonic_ns();
        sleep_us(1000);
        const int64_t late = monotonic_ns() - before - kMillisecond;
        if (late > worst) worst = late;
    }
    return worst;
}

void compute(long rounds) {
    for (volatile long i = 0; i < rounds;) i = i + 1;
}

void compute_for(int64_t ns) {
    const int64_t end = monotonic_ns() + ns;
    while (monotonic_ns() < end) compute(1000);
}

// The longest time between two looks at the clock.
int64_t worst_gap(int64_t ns) {
    int64_t last = monotonic_ns(), worst = 0;
    const int64_t end = last + ns;
    while (last < end) {
        compute(500);
        const int64_t now = monotonic_ns();
        if (now - last > worst) worst = now - last;
        last = now;
    }
    return worst;
}

int64_t gap_beside_new() {
    compute_for(200 * kMillisecond);
    return beside([] { compute(1000); }, [] { return worst_gap(300 * kMillisecond); });
}

int64_t gap_beside_woken() {
    int fds[2];
    sys_pipe2(fds, 0);
    bool is_awake = false;
    const int64_t worst = beside(
        [&] {
            char byte;
            if (!is_awake) is_awake = sys_read(fds[0], &byte, 1) == 1;
            compute(1000);
        },
        [&] {
            sleep_us(20'000);
            compute_for(200 * kMillisecond);
            sys_write(fds[1], "w", 1);
            return worst_gap(300 * kMillisecond);
        });
    sys_close(fds[0]);
    sys_close(fds[1]);
    return worst;
}

}  // namespace

int main(int, char**) {
    char* const memory = reinterpret_cast<char*>(map_memory(2 * kLarge));
    tell("late_beside_nobody", worst_lateness());
    tell("late_beside_computing", beside([] { compute(1000); }, worst_lateness));
    const long zero = sys_openat(AT_FDCWD, "/dev/zero", O_RDONLY);
    tell("late_beside_reading",
         beside([&] { sys_read(static_cast<int>(zero), memory, kLarge); }, worst_lateness));
    tell("late_beside_forgetting", beside(
                                       [&] {
                                           for (size_t i = 0; i < kLarge; i += PAGE) memory[i] = 1;
                                           sys_madvise(reinterpret_cast<uint64_t>(memory), kLarge,
                                                       MADV_DONTNEED);
                                       },
                                       worst_lateness));
    for (size_t i = 0; i < 2 * kLarge; i += PAGE) memory[i] = 1;
    tell("late_beside_forking", beside(
                                    [] {
                                        const long child = sys_fork();
                                        if (child == 0) sys_exit_group(0);
                                        sys_wait4(static_cast<int>(child), nullptr, 0, nullptr);
                                    },
                                    worst_lateness));
    tell("gap_beside_new", gap_beside_new());
    tell("gap_beside_woken", gap_beside_woken());
    return 0;
}
