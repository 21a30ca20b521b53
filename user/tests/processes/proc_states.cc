// /proc/PID/stat tells of other processes: "pid (name) state parent group session …".
#include "cairn/children.h"
#include "cairn/files.h"
#include "cairn/pipe.h"
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
    int go[2];
    CHECK(sys_pipe2(go, 0), 0);
    auto* begun = shared<volatile uint64_t>();
    int child = static_cast<int>(start_child([=] {
        sys_setsid();
        *begun = secret(0);
        return take_word(go[0], 1) == secret(1) ? 0 : 1;
    }));
    await(*begun, secret(0));
    // It may still be on its way into the read; once there it sleeps until we write.
    for (int tries = 0; tries < 2000 && told(child).state != 'S'; tries++) sleep_us(500);
    CHECK(told(child).state, 'S');
    CHECK(told(child).parent, sys_getpid());
    CHECK(told(child).group, child);
    CHECK(told(child).session, child);
    CHECK(told(static_cast<int>(sys_getpid())).state, 'R');
    CHECK(put_word(go[1], secret(1)), 8);
    siginfo_t info;
    CHECK(sys_waitid(P_ALL, 0, &info, WEXITED | WNOWAIT, nullptr), 0);
    CHECK(told(child).state, 'Z');
    CHECK(wait_for(child), exited(0));
    CHECK(told(child).parent, -ENOENT);
}
