// A pipe with a name, which waits for both of its sides: fifo(7).
#include "cairn/children.h"
#include "cairn/pipe.h"

static const char* const kPath = "fifo.new";
static constexpr unsigned kFifo = 0010600;  // S_IFIFO, and its owner may read and write

static int open_fifo(int flags) { return static_cast<int>(open_path(kPath, flags)); }

TEST("Who opens a FIFO waits for the other side, unless it says that it will not.") {
    struct stat status = {};
    char byte;
    CHECK(system_call(__NR_mknodat, AT_FDCWD, (long)kPath, kFifo, 0, 0, 0), 0);
    CHECK(sys_newfstatat(AT_FDCWD, kPath, &status, 0), 0);
    CHECK(status.st_mode, kFifo);
    CHECK(open_fifo(O_WRONLY | O_NONBLOCK), -ENXIO);
    int early = open_fifo(O_RDONLY | O_NONBLOCK);
    CHECK_THAT(early > 2);
    CHECK(sys_read(early, &byte, 1), 0);
    CHECK(events_now(early, POLLIN), 0);
    CHECK(sys_close(early), 0);
    long child = start_child([] {
        int out = open_fifo(O_WRONLY);
        put_word(out, secret(0));
        put_word(out, secret(1));
        return 0;
    });
    int in = open_fifo(O_RDONLY);
    CHECK(take_word(in, 0), secret(0));
    CHECK(take_word(in, 0), secret(1));
    CHECK(sys_read(in, &byte, 1), 0);
    CHECK(events_now(in, POLLIN), POLLHUP);
    CHECK(wait_for(child), exited(0));
    int both = open_fifo(O_RDWR);
    CHECK(put_word(both, secret(2)), 8);
    CHECK(sys_close(in), 0);
    CHECK(take_word(both, 0), secret(2));
    CHECK(put_word(both, secret(3)), 8);
    CHECK(sys_close(both), 0);
    both = open_fifo(O_RDWR | O_NONBLOCK);
    CHECK(sys_read(both, &byte, 1), -EAGAIN);  // what nobody had open is gone
    CHECK(system_call(__NR_unlinkat, AT_FDCWD, (long)kPath, 0, 0, 0, 0), 0);
}
