// proc_pid_status(5): the same for people.
#include "cairn/pipe.h"
#include "proc_files.h"

TEST("/proc/PID/status tells name, state, ids, groups, umask and memory of a process.") {
    auto* step = shared<volatile uint64_t>();
    int ends[2] = {};
    CHECK(sys_pipe2(ends, 0), 0);
    long child = start_child([=] {
        sys_prctl(PR_SET_NAME, reinterpret_cast<long>("a\nb"), 0, 0, 0);
        system_call(__NR_umask, 027, 0, 0, 0, 0, 0);
        *step = secret(0);
        char byte = 0;
        return sys_read(ends[0], &byte, 1) == 1 ? 0 : 1;
    });
    await(*step, secret(0));
    while (proc::read_file(child, "status") > 0 && proc::line("State:")[1] == 'R') sleep_us(1000);
    CHECK_THAT(proc::begins(proc::line("Name:"), "\ta\\nb\n"));
    CHECK_THAT(proc::begins(proc::line("Umask:"), "\t0027\n"));
    CHECK_THAT(proc::begins(proc::line("State:"), "\tS (sleeping)\n"));
    CHECK(proc::number_of("Tgid:"), child);
    CHECK(proc::number_of("Pid:"), child);
    CHECK(proc::number_of("PPid:"), sys_getpid());
    CHECK(proc::number_of("TracerPid:"), 0);
    CHECK(proc::number_of("Uid:"), system_call(__NR_getuid, 0, 0, 0, 0, 0, 0));
    CHECK(proc::number_of("Gid:"), system_call(__NR_getgid, 0, 0, 0, 0, 0, 0));
    CHECK_THAT(*proc::line("Groups:") == '\t' && proc::number_of("FDSize:") > 0);
    CHECK(proc::number_of("Threads:"), 1);
    long kib = proc::number_of("VmSize:");
    CHECK_THAT(kib >= proc::number_of("VmRSS:") && proc::number_of("VmRSS:") > 0);
    CHECK(proc::read_stat(child), 52);
    CHECK(proc::fields[23], kib * 1024);
    CHECK(sys_write(ends[1], "!", 1), 1);
    siginfo_t info;
    sys_waitid(P_ALL, 0, &info, WEXITED | WNOWAIT, nullptr);
    CHECK_THAT(proc::read_file(child, "status") > 0);
    CHECK_THAT(proc::begins(proc::line("State:"), "\tZ (zombie)\n"));
    CHECK(*proc::line("VmSize:"), '\0');
    CHECK(wait_for(child), exited(0));
}
