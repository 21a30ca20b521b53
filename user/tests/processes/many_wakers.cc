// Many readers of one pipe: each word wakes somebody, and each is read once.
#include "cairn/children.h"
#include "cairn/pipe.h"

static constexpr uint64_t kReaders = 6;

TEST("Of many sleepers on one pipe somebody wakes for every word, and every word is read once.") {
    uint64_t words = argument_number(1, 120);
    int pipe[2] = {-1, -1}, done[2] = {-1, -1};
    CHECK(sys_pipe2(pipe, 0) + sys_pipe2(done, 0), 0);
    auto* read_by = shared<volatile uint64_t[1024]>();
    long pids[kReaders];
    for (uint64_t r = 0; r < kReaders; r++) {
        pids[r] = start_child([&] {
            sys_close(pipe[1]);
            for (uint64_t word; (word = take_word(pipe[0], 0)) != 0;) {
                (*read_by)[word - 1] = (*read_by)[word - 1] + 1;
                put_word(done[1], secret(0) ^ word);
            }
            return 3;
        });
    }
    uint64_t wrong = 0;
    for (uint64_t i = 1; i <= words; i += 3) {  // three at a time, then all answers
        for (uint64_t j = 0; j < 3; j++) put_word(pipe[1], i + j);
        for (uint64_t j = 0; j < 3; j++) wrong += ((take_word(done[0], 0) ^ secret(0)) - i) > 2;
    }
    sys_close(pipe[1]);
    for (long pid : pids) wrong += differs("reader", wait_for(pid), exited(3));
    for (uint64_t i = 0; i < words; i++) wrong += (*read_by)[i] != 1;
    CHECK(wrong, 0);
}
