// proc(5): what it says of the machine.
#include "proc_files.h"

static long hundredths() {
    proc::read_path("/proc/uptime");
    const char* at = proc::text;
    long seconds = proc::number(at);
    return *at++ == '.' ? seconds * 100 + proc::number(at) : -1;
}

TEST("/proc/stat, uptime, loadavg and meminfo count: forks, switches, time, threads and memory.") {
    long before = hundredths();
    CHECK_THAT(before >= 0);
    CHECK_THAT(proc::read_path("/proc/stat") > 0);
    CHECK_THAT(*proc::line("cpu ") != '\0' && *proc::line("cpu0 ") != '\0');
    long forks = proc::number_of("processes"), switches = proc::number_of("ctxt");
    CHECK_THAT(proc::number_of("procs_running") >= 1 && proc::number_of("btime") >= 0);
    uint64_t wrong = 0;
    for (int i = 0; i < 10; i++) {
        wrong += wait_for(start_child([] { return sleep_us(1000), 4; })) != exited(4);
    }
    CHECK(wrong, 0);
    CHECK_THAT(proc::read_path("/proc/stat") > 0);
    CHECK_THAT(proc::number_of("processes") >= forks + 10);
    CHECK_THAT(proc::number_of("ctxt") >= switches + 20);
    const char* at = proc::line("cpu ");
    long ticks = 0;
    for (int i = 0; i < 4; i++) ticks += proc::number(at);
    CHECK_THAT(ticks > 0);
    CHECK_THAT(hundredths() > before);
    CHECK_THAT(proc::read_path("/proc/loadavg") > 0);
    long dots = 0, slashes = 0;
    for (at = proc::text; *at != '\0'; at++) dots += *at == '.', slashes += *at == '/';
    CHECK(dots * 10 + slashes, 31);
    CHECK_THAT(proc::read_path("/proc/meminfo") > 0);
    CHECK_THAT(proc::number_of("MemTotal:") > proc::number_of("MemFree:"));
    CHECK_THAT(proc::number_of("MemAvailable:") > 0 && proc::number_of("SwapTotal:") >= 0);
    CHECK_THAT(proc::read_path("/proc/cpuinfo") > 0);
    CHECK_THAT(proc::begins(proc::line("processor"), "\t: 0\n"));
}
