// proc_pid_stat(5): fifty-two fields, of which the second may hold anything.
#include "proc_files.h"

TEST(
    "/proc/PID/stat has its fields, whatever the name; it counts times and tells what memory is.") {
    CHECK(sys_prctl(PR_SET_NAME, reinterpret_cast<long>(") Z 1 (2 3"), 0, 0, 0), 0);
    long self = sys_getpid();
    CHECK(proc::read_stat(self), 52);
    CHECK(proc::begins(proc::text + (self > 9 ? 0 : 2), self > 9 ? proc::text : "() Z 1 (2 3) R "),
          1);
    CHECK(proc::state, 'R');
    CHECK(proc::fields[4], sys_getppid());
    CHECK(proc::fields[5], sys_getpgid(0));
    CHECK(proc::fields[6], sys_getsid(0));
    CHECK(proc::fields[20], 1);
    CHECK(proc::fields[18] - proc::fields[19], 20);
    long ticks = proc::fields[14] + proc::fields[15], began = proc::fields[22];
    long size = proc::fields[23], pages = proc::fields[24];
    uint64_t memory = map_memory(64 * PAGE);
    for (int i = 0; i < 64; i++) *at(memory + static_cast<uint64_t>(i) * PAGE) = secret(1);
    while (used_us(RUSAGE_SELF) < 60000) continue;
    CHECK(proc::read_stat(self), 52);
    CHECK(proc::fields[23] - size, 64 * PAGE);
    CHECK_THAT(proc::fields[24] - pages >= 32);
    CHECK_THAT(proc::fields[14] + proc::fields[15] >= ticks + 3);
    CHECK(proc::fields[22], began);
    long child = start_child([] { return 9; });
    siginfo_t info;
    sys_waitid(P_ALL, 0, &info, WEXITED | WNOWAIT, nullptr);
    CHECK(proc::read_stat(child), 52);
    CHECK(proc::state, 'Z');
    CHECK_THAT(proc::fields[22] >= began);
    CHECK(proc::fields[23] + proc::fields[24], 0);
    CHECK(proc::fields[38], SIGCHLD);
    CHECK(proc::fields[52], exited(9));
    CHECK(wait_for(child), exited(9));
}
