// The end of a process is the end of what it held: pipes, and shares in open files.
#include "cairn/children.h"
#include "cairn/pipe.h"

// The reader sees the end of the pipe only when the last writer is gone.
static uint64_t sees_end(void (*leave)()) {
    int pipe[2];
    uint64_t wrong = differs("pipe2", sys_pipe2(pipe, 0), 0);
    long first = start_child([&] { return put_word(pipe[1], secret(1)) - 8; });
    auto* go = shared<volatile uint64_t>();
    long second = start_child([&] {
        await(*go, secret(0));
        leave();
        return 1;
    });
    sys_close(pipe[1]);
    wrong += take_word(pipe[0], 0) != secret(1);
    wrong += differs("first writer", wait_for(first), exited(0));
    wrong += differs("events with a writer left", events_now(pipe[0], POLLIN), 0);
    *go = secret(0);
    wrong += take_word(pipe[0], secret(2)) != secret(2);
    wrong += differs("events", events_now(pipe[0], POLLIN), POLLHUP);
    sys_close(pipe[0]);
    return wrong + differs("second writer", wait_for(second) & 0x7F00, 0);
}

TEST("exit, exit_group and a fatal signal close descriptors: the reader of a pipe sees its end.") {
    CHECK(sees_end([] { sys_exit(0); }), 0);
    CHECK(sees_end([] { sys_exit_group(0); }), 0);
    CHECK(sees_end([] { sys_kill(static_cast<int>(sys_getpid()), SIGKILL); }), 0);
}
