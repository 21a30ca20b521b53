// What is open of a process that is no more.
#include "proc_files.h"

TEST(
    "Of a zombie little is left; what was open of a reaped process answers ESRCH, and lists "
    "nothing.") {
    auto* step = shared<volatile uint64_t>();
    long child = start_child([=] { return await(*step, secret(0)), 0; });
    int directory =
        static_cast<int>(open_path(proc::Path(child, "").bytes, O_RDONLY | O_DIRECTORY));
    int status = static_cast<int>(sys_openat(directory, "status", O_RDONLY));
    int tasks = static_cast<int>(sys_openat(directory, "task", O_RDONLY));
    CHECK(proc::count_entries(tasks, nullptr), 3);
    CHECK_THAT(proc::read_open(status) > 0);
    *step = secret(0);
    siginfo_t info;
    sys_waitid(P_ALL, 0, &info, WEXITED | WNOWAIT, nullptr);
    CHECK(proc::read_file(child, "statm"), 14);
    CHECK_THAT(proc::same(proc::text, "0 0 0 0 0 0 0\n"));
    CHECK(proc::read_link(proc::Path(child, "exe").bytes), -ENOENT);
    CHECK(proc::read_link(proc::Path(child, "cwd").bytes), -ENOENT);
    int descriptors = static_cast<int>(sys_openat(directory, "fd", O_RDONLY));
    CHECK(proc::count_entries(descriptors, nullptr), 2);
    CHECK(sys_lseek(status, 0, 0), 0);
    CHECK_THAT(proc::read_open(status) > 0);
    CHECK(wait_for(child), exited(0));
    CHECK(sys_lseek(status, 0, 0), 0);
    CHECK(proc::read_open(status), -ESRCH);
    CHECK(sys_openat(directory, "status", O_RDONLY), -ESRCH);
    CHECK(open_path(proc::Path(child, "status").bytes, O_RDONLY), -ENOENT);
    CHECK(proc::count_entries(directory, nullptr), -ENOENT);
    CHECK(proc::count_entries(tasks, nullptr), -ENOENT);
}
