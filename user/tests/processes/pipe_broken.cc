// A pipe that nobody reads any more ends who writes to it: SIGPIPE (pipe(7)).
#include "cairn/children.h"
#include "cairn/pipe.h"

static char bytes[100000];

// What wait says of a child that writes `size` bytes when the only reader has gone; or that sleeps in its
// write when it goes.
static long status_of_writer(size_t size, int flags, bool sleeps) {
    int pipe[2];
    if (sys_pipe2(pipe, flags) != 0) return -1;
    auto* turn = shared<volatile uint64_t>();
    long child = start_child([&] {
        sys_close(pipe[0]);
        if (sleeps) sys_write(pipe[1], bytes, 65536);
        *turn = secret(0);
        if (!sleeps) await(*turn, secret(1));
        return sys_write(pipe[1], bytes, size) == -EPIPE ? 1 : 2;
    });
    await(*turn, secret(0));
    if (sleeps) sleep_us(3000);
    sys_close(pipe[0]);
    sys_close(pipe[1]);
    *turn = secret(1);
    return wait_for(child);
}

TEST("Who writes to a pipe that nobody reads any more is ended, awake or asleep.") {
    CHECK(status_of_writer(1, 0, false), killed_by(SIGPIPE));
    CHECK(status_of_writer(1, O_NONBLOCK, false), killed_by(SIGPIPE));
    CHECK(status_of_writer(70000, 0, false), killed_by(SIGPIPE));
    CHECK(status_of_writer(0, 0, false), exited(2));
    CHECK(status_of_writer(10, 0, true), killed_by(SIGPIPE));
    CHECK(status_of_writer(8192, 0, true), killed_by(SIGPIPE));
    int pipe[2] = {-1, -1};
    CHECK(sys_pipe2(pipe, 0), 0);
    // Both ends are the writer's own: it is its own reader, and fills what fits.
    CHECK(sys_write(pipe[1], bytes, 4096), 4096);
    CHECK(events_now(pipe[1], POLLOUT), POLLOUT);
}
