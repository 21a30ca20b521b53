// proc_pid_fd(5), proc_pid_fdinfo(5): a link for each open file, which leads to the file itself.
#include "cairn/pipe.h"
#include "proc_files.h"

static proc::Path link_of(int fd) {
    char name[16];
    format_text(name, sizeof name, "fd/%d", fd);
    return {sys_getpid(), name};
}

TEST("The links of fd say and lead to what is open: pipes, files, what has no name or lost it.") {
    int pipe[2], own = static_cast<int>(open_path(cairn::argument(0), O_RDONLY | O_CLOEXEC));
    char want[64];
    CHECK(sys_pipe2(pipe, 0), 0);
    struct stat status = {};
    sys_fstat(pipe[0], &status);
    format_text(want, sizeof want, "pipe:[%lu]", static_cast<unsigned long>(status.st_ino));
    CHECK_THAT(proc::read_link(link_of(pipe[1]).bytes) > 0 && proc::same(proc::text, want));
    int event = static_cast<int>(system_call(__NR_eventfd2, 0, 0, 0, 0, 0, 0));
    CHECK_THAT(proc::read_link(link_of(event).bytes) > 0 &&
               proc::same(proc::text, "anon_inode:[eventfd]"));
    // An open of its own, at its own position.
    char first[4] = {}, second[4] = {};
    CHECK(sys_read(own, first, 4), 4);
    int again = static_cast<int>(open_path(link_of(own).bytes, O_RDONLY));
    CHECK(sys_read(again, second, 4), 4);
    CHECK_THAT(first[1] == 'E' && second[1] == 'E');
    int end = static_cast<int>(open_path(link_of(pipe[1]).bytes, O_WRONLY));
    CHECK(sys_write(end, "stone", 5), 5);
    CHECK(sys_read(pipe[0], first, 4), 4);
    char name[16];
    format_text(name, sizeof name, "fdinfo/%d", own);
    CHECK_THAT(proc::read_file(sys_getpid(), name) > 0);
    CHECK(proc::number_of("pos:"), 4);
    CHECK_THAT(proc::begins(proc::line("flags:"), "\t02100000\n"));
    int folder = static_cast<int>(open_path("/proc/self/fd", O_RDONLY | O_DIRECTORY));
    long count = proc::count_entries(folder, nullptr);
    sys_close(event);
    CHECK(proc::count_entries(folder, nullptr), count - 1);
    CHECK(proc::read_link(link_of(event).bytes), -ENOENT);
    CHECK(sys_newfstatat(AT_FDCWD, link_of(own).bytes, &status, AT_SYMLINK_NOFOLLOW), 0);
    CHECK(status.st_mode, proc::kLink | 0500);
}
