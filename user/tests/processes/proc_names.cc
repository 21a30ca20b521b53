// What a process is called: comm, and the words it was started with, which are its own memory.
#include "proc_files.h"

static long write_comm(long pid, const char* name, size_t size) {
    int fd = static_cast<int>(open_path(proc::Path(pid, "comm").bytes, O_WRONLY));
    long result = sys_write(fd, name, size);
    sys_close(fd);
    return result;
}

TEST("A process can change its comm, fifteen bytes of it, others cannot; cmdline is its memory.") {
    long self = sys_getpid();
    char name[16] = {};
    CHECK(write_comm(self, "a pebble among stones", 21), 21);
    CHECK(sys_prctl(PR_GET_NAME, reinterpret_cast<long>(name), 0, 0, 0), 0);
    CHECK_THAT(proc::same(name, "a pebble among "));
    CHECK(proc::read_file(self, "comm"), 16);
    CHECK_THAT(proc::same(proc::text, "a pebble among \n"));
    long size = proc::read_file(self, "cmdline");
    CHECK_THAT(size > 0 && proc::same(proc::text, cairn::argument(0)));
    auto* step = shared<volatile uint64_t>();
    long child = start_child([=] {
        const_cast<char*>(cairn::argument(0))[1] = '#';
        write_comm(sys_getpid(), "child", 5);
        *step = secret(0);
        return await(*step, secret(1)), 0;
    });
    await(*step, secret(0));
    CHECK(proc::read_file(child, "cmdline"), size);
    CHECK(proc::text[1], '#');
    CHECK_THAT(cairn::argument(0)[1] != '#');
    CHECK(write_comm(child, "other", 5), -EINVAL);
    CHECK(proc::read_file(child, "comm"), 6);
    CHECK_THAT(proc::same(proc::text, "child\n"));
    *step = secret(1);
    siginfo_t info;
    sys_waitid(P_ALL, 0, &info, WEXITED | WNOWAIT, nullptr);
    CHECK(proc::read_file(child, "cmdline"), 0);
    CHECK(proc::read_file(child, "comm"), 6);
    CHECK(wait_for(child), exited(0));
}
