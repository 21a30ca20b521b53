// Calls that only x86-64 has numbers for; elsewhere they are made of newer ones.
#include <asm/poll.h>

#include "cairn/children.h"
#include "cairn/pipe.h"

static long call(long number, long a = 0, long b = 0, long c = 0) {
    return system_call(number, a, b, c, 0, 0, 0);
}

TEST(
    "fork, vfork, pipe, dup2, poll, stat, getpgrp and time answer on x86-64 as their successors "
    "do.") {
    long child = call(__NR_fork);
    while (child == 0) sys_exit_group(3);
    CHECK(wait_for(child), exited(3));
    static volatile uint64_t word;
    child = call(__NR_vfork);
    if (child == 0) {
        word = secret(0);
        for (;;) sys_exit_group(4);
    }
    CHECK(word, secret(0));
    CHECK(wait_for(child), exited(4));
    int pipe[2] = {-1, -1};
    CHECK(call(__NR_pipe, reinterpret_cast<long>(pipe)), 0);
    CHECK(call(__NR_dup2, pipe[1], 33), 33);
    CHECK(call(__NR_dup2, 33, 33), 33);
    CHECK(call(__NR_dup2, 34, 33), -EBADF);
    pollfd one = {pipe[0], POLLIN, 0};
    CHECK(call(__NR_poll, reinterpret_cast<long>(&one), 1, 0), 0);
    CHECK(put_word(33, secret(1)), 8);
    CHECK(call(__NR_poll, reinterpret_cast<long>(&one), 1, -1), 1);
    CHECK(take_word(pipe[0], 0), secret(1));
    CHECK(call(__NR_getpgrp), sys_getpgid(0));
    __kernel_timespec now = {};
    sys_clock_gettime(0, &now);
    CHECK_THAT(call(__NR_time) - now.tv_sec <= 1);
    struct stat status = {};
    auto place = reinterpret_cast<long>(&status);
    CHECK(call(__NR_stat, reinterpret_cast<long>("/proc/self"), place), 0);
    CHECK(status.st_mode & 0170000, 0040000);
    CHECK(call(__NR_lstat, reinterpret_cast<long>("/proc/self"), place), 0);
    CHECK(status.st_mode & 0170000, 0120000);
}
