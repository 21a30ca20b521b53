// What exit(2) leaves behind, seen without a wait: a pipe tells when the child's descriptors are closed.
#include "cairn/children.h"
#include "cairn/pipe.h"

TEST("A process that exits closes its descriptors at once, and stays as a zombie with its pid.") {
    int pipe[2] = {-1, -1};
    CHECK(sys_pipe2(pipe, 0), 0);
    int child = static_cast<int>(fork_process());
    if (child == 0) {
        put_word(pipe[1], secret(0));
        for (;;) sys_exit_group(0);
    }
    sys_close(pipe[1]);
    CHECK(take_word(pipe[0], 0), secret(0));
    CHECK(take_word(pipe[0], secret(1)), secret(1));  // the end of file
    CHECK(sys_kill(child, 0), 0);
    sleep_us(20000);
    CHECK(sys_kill(child, 0), 0);
    CHECK(sys_getpgid(child), sys_getpgid(0));
}
