// Contract: task/times.h.
#include "task/times.h"

#include <linux/time_types.h>

#include <cstring>

#include "core/clock.h"
#include "mm/door.h"
#include "task/door.h"
#include "task/scheduler.h"

namespace task {

namespace {

// Effect: divides a thread's time as the ticks have found it. Neither part ever goes back, though the ratio
// does: what was told before stays. Context: the lock of its queue is held.
CpuTime split_time(ThreadPart& thread, uint64_t whole) {
    const uint64_t ticks = thread.user_ticks + thread.system_ticks;
    uint64_t user = ticks == 0 ? 0 : whole / ticks * thread.user_ticks;
    const uint64_t most = whole - thread.told_system_ns;
    if (user > most) user = most;
    if (user < thread.told_user_ns) user = thread.told_user_ns;
    thread.told_user_ns = user;
    thread.told_system_ns = whole - user;
    return {user, whole - user};
}

__kernel_old_timeval as_timeval(uint64_t ns) {
    __kernel_old_timeval time = {};
    time.tv_sec = static_cast<long>(ns / 1'000'000'000);
    time.tv_usec = static_cast<long>(ns % 1'000'000'000 / 1000);
    return time;
}

}  // namespace

CpuTime cpu_time(core::Thread& thread) NO_THREAD_SAFETY_ANALYSIS {
    const QueueGuard queue(thread.task);
    uint64_t whole = thread.task.cpu_time_ns;
    if (thread.task.state == ThreadState::kRunning) {
        whole += core::ticks_to_ns(arch::read_clock() - queue->switched_at);
    }
    return split_time(thread.task, whole);
}

uint64_t thread_time_ns(core::Thread& thread) {
    const CpuTime time = cpu_time(thread);
    return time.user_ns + time.system_ns;
}

// A process has one thread, before lab futexes.
uint64_t process_time_ns(core::Thread& thread) { return thread_time_ns(thread); }

Usage usage_of_thread(core::Thread& thread) {
    const ThreadPart& part = thread.task;
    const CpuTime time = cpu_time(thread);
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
