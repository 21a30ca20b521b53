// What a shell does for `a | b | c`: three processes, two pipes, dup3 to 0 and 1.
#include "cairn/children.h"
#include "cairn/pipe.h"

static constexpr uint64_t kWords = 2000;

// A process with these as descriptors 0 and 1; the others of the pipes are closed.
template <typename Body>
static long stage(int input, int output, int (&pipes)[4], Body body) {
    return start_child([&] {
        if (input >= 0) sys_dup3(input, 0, 0);
        if (output >= 0) sys_dup3(output, 1, 0);
        for (int fd : pipes) sys_close(fd);
        return body();
    });
}

TEST("Three processes in a pipeline hand on every word, in order, and end one after the other.") {
    int pipes[4] = {-1, -1, -1, -1};
    CHECK(sys_pipe2(pipes, 0) + sys_pipe2(pipes + 2, 0), 0);
    long source = stage(-1, pipes[1], pipes, [] {
        for (uint64_t i = 0; i < kWords; i++) put_word(1, secret(0) + i);
        return 0;
    });
    long filter = stage(pipes[0], pipes[3], pipes, [] {
        for (uint64_t word; (word = take_word(0, 0)) != 0;) put_word(1, word * 3);
        return 0;
    });
    long sink = stage(pipes[2], -1, pipes, [] {
        uint64_t wrong = 0, count = 0;
        for (uint64_t word; (word = take_word(0, 0)) != 0; count++) {
            wrong += word != (secret(0) + count) * 3;
        }
        return wrong == 0 && count == kWords ? 42 : 1;
    });
    for (int fd : pipes) sys_close(fd);
    CHECK(wait_for(sink), exited(42));
    CHECK(wait_for(filter), exited(0));
    CHECK(wait_for(source), exited(0));
}
