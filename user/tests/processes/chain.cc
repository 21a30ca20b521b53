// A process has a child, that has a child, and so on: a hundred generations at once.
#include "cairn/children.h"
#include "cairn/pipe.h"

static constexpr uint64_t kDepth = 100;

static int descend(uint64_t depth, int fd) {
    if (depth == 0) return put_word(fd, secret(0)) == 8 ? 1 : 0;
    long status = wait_for(start_child([=] { return descend(depth - 1, fd); }));
    // Each hands on one more than it got, as far as eight bits go.
    return static_cast<int>((status >> 8) + 1) & 0xFF;
}

TEST("A hundred generations live at once, and each one's status comes up through all of them.") {
    int pipe[2] = {-1, -1};
    CHECK(sys_pipe2(pipe, 0), 0);
    CHECK(descend(kDepth, pipe[1]), kDepth + 1);
    CHECK(take_word(pipe[0], 0), secret(0));
    CHECK(sys_wait4(-1, nullptr, 0, nullptr), -ECHILD);
}
