// /proc/PID/stat tells of other processes: "pid (name) state parent group session …".
#include "cairn/children.h"
#include "cairn/files.h"
#include "cairn/print.h"

struct Told {
    char state;
    long parent, group, session;
};

static Told told(int pid) {
    char path[32], text[512] = {};
    format_text(path, sizeof path, "/proc/%d/stat", pid);
    int fd = static_cast<int>(open_path(path, O_RDONLY));
    if (fd < 0) return {'-', fd, 0, 0};
    sys_read(fd, text, sizeof text - 1);
    sys_close(fd);
    const char* next = text;
    while (*next != ')' && *next != '\0') next++;
    Told told = {next[2], 0, 0, 0};
    next += 4;
    for (long* number : (long*[]){&told.parent, &told.group, &told.session}) {
        while (*next >= '0' && *next <= '9') *number = *number * 10 + *next++ - '0';
        next++;
    }
    return told;
}

TEST("/proc tells of a sleeping child and of a zombie, and not of a process that was reaped.") {
    auto* go = shared<volatile uint64_t>();
    int child = static_cast<int>(start_child([=] {
        sys_setsid();
        *go = secret(0);
        while (*go != secret(1)) sleep_us(5000);
        return 0;
    }));
    await(*go, secret(0));
    sleep_us(1000);
    CHECK(told(child).state, 'S');
    CHECK(told(child).parent, sys_getpid());
    CHECK(told(child).group, child);
    CHECK(told(child).session, child);
    CHECK(told(static_cast<int>(sys_getpid())).state, 'R');
    *go = secret(1);
    siginfo_t info;
    CHECK(sys_waitid(P_ALL, 0, &info, WEXITED | WNOWAIT, nullptr), 0);
    CHECK(told(child).state, 'Z');
    CHECK(wait_for(child), exited(0));
    CHECK(told(child).parent, -ENOENT);
}
