// /proc/sys: what can be known and set. Only a machine of our own is changed.
#include "proc_files.h"

static bool says(const char* path, const char* want) {
    long size = proc::read_path(path);
    if (size <= 0 || proc::text[size - 1] != '\n') return false;
    proc::text[size - 1] = '\0';
    return proc::same(proc::text, want);
}

static long write_setting(const char* path, const char* words) {
    int fd = static_cast<int>(open_path(path, O_WRONLY | O_TRUNC));
    if (fd < 0) return fd;
    size_t size = 0;
    while (words[size] != '\0') size++;
    long result = sys_write(fd, words, size);
    sys_close(fd);
    return result;
}

static bool takes_a_name() {
    struct new_utsname name = {};
    if (sys_getpid() != 1) return true;
    if (write_setting("/proc/sys/kernel/hostname", "stone\n") != 6) return false;
    system_call(__NR_uname, reinterpret_cast<long>(&name), 0, 0, 0, 0, 0);
    return proc::same(name.nodename, "stone");
}

TEST("/proc/sys tells what uname tells; pid_max takes sensible numbers, and hostname a name.") {
    struct new_utsname name = {};
    CHECK(system_call(__NR_uname, reinterpret_cast<long>(&name), 0, 0, 0, 0, 0), 0);
    CHECK_THAT(says("/proc/sys/kernel/ostype", name.sysname));
    CHECK_THAT(says("/proc/sys/kernel/osrelease", name.release));
    CHECK_THAT(says("/proc/sys/kernel/version", name.version));
    CHECK_THAT(says("/proc/sys/kernel/hostname", name.nodename));
    CHECK_THAT(proc::read_path("/proc/version") > 0 && proc::begins(proc::text, name.sysname));
    CHECK(write_setting("/proc/sys/kernel/pid_max", "300\n"), -EINVAL);
    CHECK(write_setting("/proc/sys/kernel/pid_max", "4194305\n"), -EINVAL);
    CHECK(write_setting("/proc/sys/kernel/pid_max", "many\n"), -EINVAL);
    CHECK_THAT(proc::read_path("/proc/sys/kernel/threads-max") > 1);
    CHECK_THAT(proc::read_path("/proc/sys/vm/overcommit_memory") == 2);
    CHECK(takes_a_name(), true);
}
