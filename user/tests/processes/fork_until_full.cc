// A machine full of processes: fork must say so, and all must be well when they are gone.
#include "cairn/children.h"
#include "cairn/pipe.h"

// Forks until that fails; each child keeps some memory of its own and waits. How many there were.
static uint64_t fill(int (&gate)[2], long& error) {
    uint64_t count = 0;
    int ready[2];
    sys_pipe2(ready, 0);
    for (;; count++) {
        long pid = start_child([&] {
            sys_close(gate[1]);
            uint64_t memory = map_memory(16 * PAGE);
            bool is_there = sys_madvise(memory, 16 * PAGE, MADV_POPULATE_WRITE) == 0;
            put_word(ready[1], secret(0));
            take_word(gate[0], 0);  // until the gate is closed
            return is_there ? 5 : 6;
        });
        error = pid;
        if (pid < 0 || take_word(ready[0], 0) != secret(0)) break;
    }
    sys_close(ready[0]);
    sys_close(ready[1]);
    return count;
}

// One round: whether it ended as it must, and every child with it.
static uint64_t wrong_round() {
    int gate[2];
    long error = 0;
    uint64_t wrong = differs("pipe2", sys_pipe2(gate, 0), 0), ended = 0;
    uint64_t count = fill(gate, error);
    note("%lu processes, then %ld", count, error);
    wrong += error != -EAGAIN && error != -ENOMEM;
    sys_close(gate[0]);
    sys_close(gate[1]);
    for (int status; sys_wait4(-1, &status, 0, nullptr) > 0;) ended += (status & 0xFF) == 0;
    return wrong + (ended != count || count < 20);
}

TEST(
    "fork fails with EAGAIN or ENOMEM when no more processes fit, and all is as before when they "
    "end.") {
    CHECK(wrong_round(), 0);
    VALUE(free_memory());
    CHECK(wrong_round(), 0);
    VALUE(free_memory());
    CHECK(in_child([] { return secret(1); }), secret(1));
}
