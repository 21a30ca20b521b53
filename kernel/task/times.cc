// Contract: task/times.h.
#include "task/times.h"

#include <linux/time_types.h>

#include <cstring>

#include "core/clock.h"
#include "mm/door.h"
#include "sched/scheduler.h"
#include "task/door.h"

namespace task {

namespace {

__kernel_old_timeval as_timeval(uint64_t ns) {
    __kernel_old_timeval time = {};
    time.tv_sec = static_cast<long>(ns / 1'000'000'000);
    time.tv_usec = static_cast<long>(ns % 1'000'000'000 / 1000);
    return time;
}

}  // namespace

// A process has one thread, before lab futexes.
uint64_t process_time_ns(core::Thread& thread) { return sched::thread_time_ns(thread); }

Usage usage_of_thread(core::Thread& thread) {
    const sched::ThreadPart& part = thread.sched;
    const sched::CpuTime time = sched::cpu_time(thread);
    Usage usage;
    usage.user_ns = time.user_ns;
    usage.system_ns = time.system_ns;
    usage.minor_faults = thread.memory.faults.load(lib::Order::kRelaxed);
    usage.most_memory_kib = mm::most_resident_bytes(thread) / 1024;
    usage.voluntary_switches = part.switches_wanted;
    usage.involuntary_switches = part.switches_forced;
    return usage;
}

rusage as_rusage(const Usage& usage) {
    rusage result;
    memset(&result, 0, sizeof(result));
    result.ru_utime = as_timeval(usage.user_ns);
    result.ru_stime = as_timeval(usage.system_ns);
    result.ru_maxrss = static_cast<long>(usage.most_memory_kib);
    result.ru_minflt = static_cast<long>(usage.minor_faults);
    result.ru_majflt = static_cast<long>(usage.major_faults);
    result.ru_nvcsw = static_cast<long>(usage.voluntary_switches);
    result.ru_nivcsw = static_cast<long>(usage.involuntary_switches);
    return result;
}

}  // namespace task
