// /proc/self is whoever looks.
#include "proc_files.h"

static uint64_t leads_to_me() {
    char mine[48];
    uint64_t wrong = 0;
    format_text(mine, sizeof mine, "%ld", sys_getpid());
    proc::read_link("/proc/self");
    wrong += !proc::same(proc::text, mine);
    format_text(mine, sizeof mine, "%ld/task/%ld", sys_getpid(), sys_getpid());
    proc::read_link("/proc/thread-self");
    wrong += !proc::same(proc::text, mine);
    wrong += proc::read_path("/proc/thread-self/stat") <= 0;
    wrong += differs("stat", proc::read_stat(sys_getpid()), 52) != 0;
    return wrong + differs("parent", proc::fields[4], sys_getppid());
}

TEST(
    "/proc/self and thread-self lead to whoever looks, also through a directory that others "
    "opened.") {
    CHECK(leads_to_me(), 0);
    CHECK(in_child(leads_to_me), 0);
    // A directory stays the process's whose it was, and a file that is open too.
    int directory = static_cast<int>(open_path("/proc/self", O_RDONLY | O_DIRECTORY));
    int status = static_cast<int>(open_path("/proc/self/status", O_RDONLY));
    long parent = sys_getpid();
    CHECK(in_child([=] {
              proc::read_open(status);
              uint64_t wrong = differs("open file", proc::number_of("Pid:"), parent);
              proc::read_open(static_cast<int>(sys_openat(directory, "status", O_RDONLY)));
              return wrong + differs("open directory", proc::number_of("Pid:"), parent);
          }),
          0);
    struct stat first = {}, second = {};
    CHECK(sys_newfstatat(AT_FDCWD, "/proc/self/stat", &first, 0), 0);
    CHECK(sys_newfstatat(AT_FDCWD, proc::Path(parent, "stat").bytes, &second, 0), 0);
    CHECK(first.st_ino, second.st_ino);
    CHECK(first.st_size, 0);
}
