// A word goes to and fro between two processes: each sleeps until the other has written.
#include "cairn/children.h"
#include "cairn/pipe.h"

TEST("Two processes wake each other through pipes thousands of times, and no wake-up is lost.") {
    uint64_t turns = argument_number(1, 1500);
    int there[2] = {-1, -1}, back[2] = {-1, -1};
    CHECK(sys_pipe2(there, 0) + sys_pipe2(back, 0), 0);
    long child = start_child([&] {
        for (uint64_t i = 0; i < turns; i++) {
            if (take_word(there[0], 0) != secret(0) + i) return 1;
            put_word(back[1], secret(1) ^ i);
        }
        return 9;
    });
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < turns; i++) {
        put_word(there[1], secret(0) + i);
        wrong += take_word(back[0], 0) != (secret(1) ^ i);
    }
    CHECK(wrong, 0);
    CHECK(wait_for(child), exited(9));
}
