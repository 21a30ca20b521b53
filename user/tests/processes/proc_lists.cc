// /proc as a directory: a name for each process.
#include "proc_files.h"

static constexpr int kMany = 20;

static long listed(int proc, long pid) {
    char name[16];
    format_text(name, sizeof name, "%ld", pid);
    return proc::count_entries(proc, name);
}

TEST("/proc lists each process once, zombies too, and finds it by name; nobody who is reaped.") {
    auto* go = shared<volatile uint64_t>();
    long pids[kMany];
    for (long& pid : pids) pid = start_child([=] { return await(*go, secret(0)), 3; });
    int proc = static_cast<int>(open_path("/proc", O_RDONLY | O_DIRECTORY));
    uint64_t wrong = 0;
    for (long pid : pids) wrong += differs("entries", listed(proc, pid), 1);
    wrong += differs("own entries", listed(proc, sys_getpid()), 1);
    wrong += differs("self", proc::count_entries(proc, "self"), 1);
    struct stat status = {};
    for (long pid : pids) {
        wrong +=
            differs("stat", sys_newfstatat(AT_FDCWD, proc::Path(pid, "").bytes, &status, 0), 0);
        wrong += differs("type", status.st_mode, proc::kDirectory | 0555);
    }
    *go = secret(0);
    siginfo_t info;
    for (long pid : pids)
        sys_waitid(P_PID, static_cast<int>(pid), &info, WEXITED | WNOWAIT, nullptr);
    for (long pid : pids) wrong += differs("zombies", listed(proc, pid), 1);
    for (long pid : pids) wrong += differs("status", wait_for(pid), exited(3));
    for (long pid : pids) {
        wrong += differs("reaped", listed(proc, pid), 0);
        wrong += differs("found", open_path(proc::Path(pid, "").bytes, O_RDONLY), -ENOENT);
    }
    CHECK(wrong, 0);
    CHECK(open_path("/proc/0", O_RDONLY), -ENOENT);
    CHECK(open_path("/proc/1x", O_RDONLY), -ENOENT);
    CHECK(open_path("/proc/01", O_RDONLY), -ENOENT);
}
