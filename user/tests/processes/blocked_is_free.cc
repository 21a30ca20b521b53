// Who waits for something costs nothing, and is there as soon as it happens.
#include "cairn/pipe.h"
#include "hogs.h"

// The processor time of a child that sleeps in `wait` while this process computes, and then exits.
template <typename Wait, typename Wake>
static int64_t cost_us(Wait wait, Wake wake) {
    long child = start_child([&] {
        wait();
        return 7;
    });
    int64_t begin = used_us(RUSAGE_SELF);
    while (used_us(RUSAGE_SELF) - begin < 150'000) {
    }
    wake();
    rusage usage = {};
    int status = 0;
    sys_wait4(static_cast<int>(child), &status, 0, &usage);
    note("a blocked child cost %ld us", cpu_us(&usage));
    return status == exited(7) ? cpu_us(&usage) : INT64_MAX;
}

TEST("A process that waits for a pipe or for a child uses no processor time meanwhile.") {
    CHECK(hogs::on_one_cpu(), 0);
    int pipe[2] = {-1, -1};
    CHECK(sys_pipe2(pipe, 0), 0);
    int64_t reader = cost_us([&] { take_word(pipe[0], 0); }, [&] { put_word(pipe[1], 1); });
    CHECK_THAT(reader < 30'000);
    int64_t waiter = cost_us([&] { wait_for(start_child([&] { return take_word(pipe[0], 0); })); },
                             [&] { put_word(pipe[1], 1); });
    CHECK_THAT(waiter < 30'000);
    pollfd one = {pipe[0], POLLIN, 0};
    CHECK_THAT(cost_us([&] { sys_ppoll(&one, 1, nullptr); }, [&] { put_word(pipe[1], 1); }) <
               30'000);
}
