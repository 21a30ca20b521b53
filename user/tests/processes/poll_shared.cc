// Several processes that sleep in poll over the same pipes: whatever comes is seen, and taken once.
#include "cairn/children.h"
#include "cairn/pipe.h"

static constexpr uint64_t kPollers = 4, kPipes = 3;

// Sleeps until one of the pipes has something, and takes words until all have hung up; their sum.
static uint64_t take_all(const int (&in)[kPipes], int out) {
    uint64_t open = kPipes, wrong = 0;
    struct pollfd watched[kPipes];
    for (uint64_t p = 0; p < kPipes; p++) watched[p] = {in[p], POLLIN, 0};
    while (open != 0 && wrong == 0) {
        wrong += sys_ppoll(watched, kPipes, nullptr) <= 0;
        for (auto& one : watched) {
            uint64_t word;
            long taken = one.revents == 0 ? -EAGAIN : sys_read(one.fd, &word, sizeof word);
            if (taken == sizeof word) put_word(out, word);
            if (taken == 0) one.fd = -1, open--;
            wrong += taken != sizeof word && taken != 0 && taken != -EAGAIN;
        }
    }
    return wrong;
}

TEST("Processes that sleep in poll over the same pipes miss nothing, and see when all is over.") {
    uint64_t words = argument_number(1, 90), wrong = 0, sum = 0, wanted = 0;
    int in[kPipes], out[kPipes], answers[2] = {-1, -1};
    long pids[kPollers];
    for (uint64_t p = 0; p < kPipes; p++) {
        int pipe[2];
        wrong += sys_pipe2(pipe, O_NONBLOCK) != 0;
        in[p] = pipe[0], out[p] = pipe[1];
    }
    CHECK(sys_pipe2(answers, 0), 0);
    for (long& pid : pids) {
        pid = start_child([&] {
            for (int fd : out) sys_close(fd);
            return static_cast<int>(take_all(in, answers[1]));
        });
    }
    for (uint64_t i = 0; i < words; i++) {
        put_word(out[secret(i) % kPipes], secret(i));
        wanted += secret(i);
        if (i % 4 != 3) continue;
        for (int j = 0; j < 4; j++) sum += take_word(answers[0], 0);
    }
    for (uint64_t i = words & ~uint64_t{3}; i < words; i++) sum += take_word(answers[0], 0);
    for (int fd : out) sys_close(fd);
    for (long pid : pids) wrong += differs("poller", wait_for(pid), exited(0));
    CHECK(wrong, 0);
    CHECK(sum, wanted);
}
