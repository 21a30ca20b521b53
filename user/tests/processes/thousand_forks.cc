// A thousand children live and die; some are killed, some become orphans. The host compares what is free.
#include "cairn/children.h"
#include "cairn/pipe.h"

// One child that writes to memory of its own and uses a pipe; how it dies depends on the round.
static uint64_t one_round(uint64_t round, uint64_t memory) {
    int pipe[2];
    sys_pipe2(pipe, 0);
    long child = start_child([=] {
        *at(memory + round % 4 * PAGE) = round;
        if (round % 4 == 1 && start_child([] { return 0; }) < 0) return 1;
        put_word(pipe[1], secret(0) + round);
        if (round % 4 == 2) sys_kill(static_cast<int>(sys_getpid()), SIGKILL);
        return 5;
    });
    uint64_t wrong = take_word(pipe[0], 0) != secret(0) + round;
    wrong += wait_for(child) != (round % 4 == 2 ? killed_by(SIGKILL) : exited(5));
    if (round % 4 == 1) wrong += sys_wait4(-1, nullptr, 0, nullptr) < 0;
    return wrong + static_cast<uint64_t>(sys_close(pipe[0]) + sys_close(pipe[1]));
}

static uint64_t processes() {
    struct sysinfo info = {};
    sys_sysinfo(&info);
    return info.procs;
}

// The lowest descriptor that is not in use.
static long first_free() {
    long fd = sys_fcntl(0, F_DUPFD, 0);
    sys_close(static_cast<int>(fd));
    return fd;
}

TEST(
    "After a thousand children as much memory is free, and as many processes are there, as "
    "before.") {
    if (sys_getpid() != 1) sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    uint64_t memory = map_memory(4 * PAGE), wrong = 0, rounds = argument_number(1, 1000);
    for (uint64_t i = 0; i < 40; i++) wrong += one_round(i, memory);
    long free = first_free();
    VALUE(free_memory());
    VALUE(processes());
    for (uint64_t i = 0; i < rounds; i++) wrong += one_round(i, memory);
    VALUE(free_memory());
    VALUE(processes());
    CHECK(wrong, 0);
    CHECK(sys_wait4(-1, nullptr, 0, nullptr), -ECHILD);
    CHECK(first_free(), free);
}
