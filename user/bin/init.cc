// The first process: starts a program (its arguments, or a shell), reaps whoever has lost its parent,
// and when that program has ended, ends the machine.
//
//   make qemu PROG=init                       /bin/sh, or BusyBox's
//   make qemu PROG=init ARGS='/bin/sh -c ls'

#include "cairn/files.h"
#include "cairn/print.h"
#include "cairn/process.h"

namespace {

// What a shell calls the end of a process: its exit code, or 128 and the signal.
int code_of(int status) {
    return (status & 0x7f) != 0 ? 128 + (status & 0x7f) : status >> 8 & 0xff;
}

long start(char** arguments, char** environment) {
    const long child = sys_fork();
    if (child != 0) return child;
    sys_setsid();  // a session of its own: what it leaves behind does not count as ours
    const long error = sys_execve(arguments[0], arguments, environment);
    print("init: %s cannot be executed: error %ld\n", arguments[0], -error);
    sys_exit_group(127);
    return 0;
}

// Reaps every child, whoever made it, until `awaited` is among them; its status.
int reap_until(long awaited) {
    for (;;) {
        int status = 0;
        const long pid = sys_wait4(-1, &status, 0, nullptr);
        if (pid == awaited) return status;
        if (pid < 0 && pid != -EINTR) return 255 << 8;
    }
}

}  // namespace

int main(int argc, char** argv, char** envp) {
    static char shell[] = "/bin/sh";
    char* alone[] = {shell, nullptr};
    const long child = start(argc > 1 ? argv + 1 : alone, envp);
    if (child < 0) {
        print("init: no process: error %ld\n", -child);
        return 127;
    }
    const int code = code_of(reap_until(child));
    // The kernel ends the others first. The machine's status is the end of the first process, so one
    // that matters is told that way; Linux would panic.
    if (code == 0) sys_reboot(LINUX_REBOOT_CMD_POWER_OFF);
    return code;
}
