// A process that sleeps in a pipe, a FIFO or poll: a kill ends it, and so do the others' ends.
#include "cairn/children.h"
#include "cairn/pipe.h"

static char bytes[100000];
static const char* const kPath = "pipe_killed.fifo";

// Starts a child that will sleep in `body`, kills it; what wait says of it.
template <typename Body>
static long killed_in(Body body) {
    auto* begun = shared<volatile uint64_t>();
    long child = start_child([&] {
        *begun = secret(0);
        return body();
    });
    await(*begun, secret(0));
    sleep_us(3000);
    if (sys_kill(static_cast<int>(child), SIGKILL) != 0) return -1;
    return wait_for(child);
}

TEST("A process asleep in a read, a write, an open or a poll is killed; the pipe stays whole.") {
    int pipe[2] = {-1, -1};
    CHECK(sys_pipe2(pipe, 0), 0);
    CHECK(killed_in([&] { return sys_read(pipe[0], bytes, 8); }), killed_by(SIGKILL));
    CHECK(killed_in([&] { return sys_write(pipe[1], bytes, sizeof bytes); }), killed_by(SIGKILL));
    CHECK(sys_read(pipe[0], bytes, sizeof bytes), 65536);
    CHECK(sys_write(pipe[1], bytes, 65536), 65536);
    CHECK(killed_in([&] { return sys_write(pipe[1], bytes, 1); }), killed_by(SIGKILL));
    CHECK(sys_read(pipe[0], bytes, 65536), 65536);
    struct pollfd one = {pipe[0], POLLIN, 0};
    CHECK(killed_in([&] { return sys_ppoll(&one, 1, nullptr); }), killed_by(SIGKILL));
    CHECK(system_call(__NR_mknodat, AT_FDCWD, (long)kPath, 0010600, 0, 0, 0), 0);
    CHECK(killed_in([&] { return open_path(kPath, O_RDONLY); }), killed_by(SIGKILL));
    CHECK(killed_in([&] { return open_path(kPath, O_WRONLY); }), killed_by(SIGKILL));
    CHECK(open_path(kPath, O_WRONLY | O_NONBLOCK), -ENXIO);  // whoever was killed is no reader
    CHECK(put_word(pipe[1], secret(1)), 8);
    CHECK(take_word(pipe[0], 0), secret(1));
    CHECK(system_call(__NR_unlinkat, AT_FDCWD, (long)kPath, 0, 0, 0, 0), 0);
}
