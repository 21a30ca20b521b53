// Stand-in for lab processes: the calls that one process without a parent can answer.
#include <linux/utsname.h>

#include <cstring>

#include "arch/elf_machine.h"
#include "core/current.h"
#include "entry/syscall.h"
#include "mm/user_memory.h"
#include "task/door.h"

namespace task {

// exit(2), exit_group(2): with one thread they are one.
SYSCALL(exit, int status) { exit_program(core::current(), status); }
SYSCALL(exit_group, int status) { exit_program(core::current(), status); }

SYSCALL(getpid) { return core::current().tid; }
SYSCALL(gettid) { return core::current().tid; }
SYSCALL(getppid) { return 0; }  // init has no parent
SYSCALL(getuid) { return 0; }
SYSCALL(geteuid) { return 0; }
SYSCALL(getgid) { return 0; }
SYSCALL(getegid) { return 0; }

// set_tid_address(2): the address is remembered for the day when a thread ends alone (lab futexes).
SYSCALL(set_tid_address, mm::UserPtr<int>) { return core::current().tid; }

// uname(2). The release tells programs which Linux they may expect.
SYSCALL(uname, mm::UserPtr<new_utsname> result) {
    new_utsname name = {"Linux", "cairn", "6.6.0-cairn", "#1 Cairn", "", "(none)"};
    memcpy(name.machine, arch::kMachineName, sizeof(arch::kMachineName));
    TRY(result.write(name));
    return 0;
}

SYSCALL(sched_yield) {
    sched::give_way(core::current());
    return 0;
}

}  // namespace task
