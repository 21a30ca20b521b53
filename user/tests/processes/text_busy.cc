// ETXTBSY: nobody writes to a program that runs (open(2), truncate(2)), and nobody runs what is open for
// writing (execve(2)).
#include "cairn/pipe.h"
#include "holes.h"

// What this program does when it runs from the copy: it waits for the end of its standard input.
static constexpr const char* kWaits = "waits";

static long run(const char* path) {
    const char* arguments[] = {path, kWaits, nullptr};
    const char* none[] = {nullptr};
    return system_call(__NR_execve, (long)path, (long)arguments, (long)none, 0, 0, 0);
}

// A child that runs it until the end of `input`, or exits with 3 if execve has an answer. Back when it runs.
static long start_program(const char* path, const int* input, volatile long* answer) {
    int begun[2] = {-1, -1};
    sys_pipe2(begun, O_CLOEXEC);
    long pid = start_child([&] {
        sys_close(input[1]);
        sys_dup3(input[0], 0, 0);
        *answer = run(path);
        return 3;
    });
    sys_close(begun[1]);
    take_word(begun[0], 0);
    sys_close(begun[0]);
    return pid;
}

static long copy_program(const char* path) {
    int from = static_cast<int>(open_path("/proc/self/exe", O_RDONLY));
    int to = static_cast<int>(create_path(path, O_CREAT | O_WRONLY | O_TRUNC, 0755));
    long size = static_cast<long>(size_of_file(from)), done = 0;
    while (done < size) {
        long sent = system_call(__NR_sendfile, to, from, 0, size - done, 0, 0);
        if (sent <= 0) return -1;
        done += sent;
    }
    return sys_close(to) + sys_close(from);
}

TEST("A program that runs cannot be written to, and a file that is open for writing cannot run.") {
    const char* role = cairn::argument(1);
    if (role != nullptr && role[0] == kWaits[0]) {
        char byte;
        sys_read(0, &byte, 1);
        sys_exit_group(7);
    }
    CHECK(enter_folder(), 0);
    CHECK(copy_program("p"), 0);
    CHECK(open_path("/proc/self/exe", O_RDWR), -ETXTBSY);
    volatile long* answer = shared<long>();
    int fd = static_cast<int>(open_path("p", O_RDWR)), input[2] = {-1, -1};
    CHECK(sys_pipe2(input, 0), 0);
    CHECK(wait_for(start_program("p", input, answer)), exited(3));
    CHECK(*answer, -ETXTBSY);
    // A mapping goes on with what the descriptor began, also a private one, and also a child's.
    uint64_t view = sys_mmap(0, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
    CHECK(sys_close(fd), 0);
    CHECK(sys_munmap(view, PAGE), 0);
    CHECK(run("p"), -ETXTBSY);
    CHECK(in_child([=] { return sys_munmap(view + PAGE, PAGE); }), 0);
    CHECK(run("p"), -ETXTBSY);
    CHECK(sys_munmap(view + PAGE, PAGE), 0);
    // An execve that fails leaves nothing behind.
    CHECK(system_call(__NR_execve, (long)"p", 8, 0, 0, 0, 0), -EFAULT);
    CHECK(sys_close(static_cast<int>(open_path("p", O_WRONLY))), 0);
    int reader = static_cast<int>(open_path("p", O_RDONLY));
    long program = start_program("p", input, answer);
    CHECK(open_path("p", O_WRONLY), -ETXTBSY);
    CHECK(open_path("p", O_RDWR | O_TRUNC), -ETXTBSY);
    CHECK(open_path("p", O_RDONLY | O_TRUNC), -ETXTBSY);
    CHECK(sys_truncate("p", 0), -ETXTBSY);
    CHECK(sys_mmap(0, PAGE, READ_WRITE, MAP_SHARED, reader, 0), -EACCES);
    CHECK(sys_chmod("p", 0700), 0);
    CHECK(sys_link("p", "q"), 0);
    CHECK(open_path("q", O_WRONLY), -ETXTBSY);
    CHECK(sys_close(input[1]), 0);
    CHECK(wait_for(program), exited(7));
    CHECK(sys_truncate("q", 0), 0);
    CHECK_THAT(open_path("p", O_WRONLY) > 0);
    CHECK(sys_unlink("p") + sys_unlink("q"), 0);
    CHECK(leave_folder(), 0);
}
