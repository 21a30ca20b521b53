// poll(2): what is told of each kind of descriptor, asked for or not.
#include "cairn/children.h"
#include "cairn/pipe.h"

TEST("poll tells what can be read and written, what has hung up, and which numbers are not open.") {
    int ends[2] = {-1, -1};
    CHECK(sys_pipe2(ends, 0), 0);
    CHECK(events_now(ends[0], POLLIN | POLLOUT), 0);
    CHECK(events_now(ends[1], POLLIN | POLLOUT), POLLOUT);
    CHECK(put_word(ends[1], 1), 8);
    CHECK(events_now(ends[0], POLLIN | POLLOUT | POLLRDNORM), POLLIN | POLLRDNORM);
    CHECK(events_now(ends[0], 0), 0);
    CHECK(events_now(99, POLLIN), POLLNVAL);
    CHECK(events_now(-7, POLLIN), 0);
    CHECK(events_now(static_cast<int>(open_path("/dev/zero", O_RDONLY)), POLLIN | POLLOUT),
          POLLIN | POLLOUT);
    CHECK(events_now(static_cast<int>(open_path("/dev", O_PATH)), POLLIN), POLLNVAL);
    struct pollfd many[6];
    for (int i = 0; i < 6; i++) many[i] = {i % 2 == 0 ? ends[0] : ends[1], POLLIN | POLLOUT, -1};
    CHECK(sys_ppoll(many, 6, nullptr), 6);
    CHECK(many[4].revents, POLLIN);
    CHECK(many[5].revents, POLLOUT);
    CHECK(sys_close(ends[1]), 0);
    CHECK(events_now(ends[0], POLLIN), POLLIN | POLLHUP);
    CHECK(take_word(ends[0], 0), 1);
    CHECK(events_now(ends[0], 0), POLLHUP);
    CHECK(sys_pipe2(ends, 0) + sys_close(ends[0]), 0);
    CHECK(events_now(ends[1], POLLOUT), POLLOUT | POLLERR);
}
