// RLIMIT_NOFILE: the first descriptor that there cannot be.
#include "cairn/children.h"
#include "cairn/pipe.h"

static uint64_t tries() {
    uint64_t wrong = differs("limit_to", limit_to(RLIMIT_NOFILE, 10), 0);
    int fd = 0, last = -1, pipe[2];
    while ((fd = static_cast<int>(sys_fcntl(0, F_DUPFD, 0))) >= 0) last = fd;
    wrong += differs("dup", fd, -EMFILE) + differs("last", last, 9);
    wrong += differs("pipe2", sys_pipe2(pipe, 0), -EMFILE);
    wrong += differs("open", open_path("/proc/self/stat", O_RDONLY), -EMFILE);
    wrong += differs("pidfd_open", sys_pidfd_open(static_cast<int>(sys_getpid()), 0), -EMFILE);
    wrong += differs("dup3 above", sys_dup3(0, 10, 0), -EBADF);
    wrong += differs("dup3 onto", sys_dup3(0, 9, 0), 9);
    wrong += differs("fcntl above", sys_fcntl(0, F_DUPFD, 10), -EINVAL);
    sys_close(9);
    wrong += differs("pipe2 with one left", sys_pipe2(pipe, 0), -EMFILE);
    wrong += differs("one left", sys_fcntl(0, F_DUPFD, 3), 9);
    // What is open already stays open when the limit sinks below it.
    wrong += differs("limit_to", limit_to(RLIMIT_NOFILE, 3), 0);
    wrong += differs("close", sys_close(9), 0);
    return wrong + in_child([] { return differs("child's", sys_fcntl(0, F_DUPFD, 0), -EMFILE); });
}

TEST("No descriptor is made at or above RLIMIT_NOFILE, whichever call asks for one.") {
    CHECK(in_child(tries), 0);
    CHECK(limit_to(RLIMIT_NOFILE, 64), 0);
    CHECK(sys_dup3(0, 63, 0), 63);
    CHECK(sys_dup3(0, 64, 0), -EBADF);
}
