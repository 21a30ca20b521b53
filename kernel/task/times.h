// How much a thread has used up, and in which units programs are told. For times_syscalls.cc, wait.cc and
// /proc.
#pragma once
#include <linux/resource.h>

#include "core/thread.h"
#include "task/process_part.h"

namespace task {

// Ticks per second in which times(2) and /proc count, whatever the machine's timer does (AT_CLKTCK).
inline constexpr uint64_t kTicksPerSecond = 100;
inline constexpr uint64_t kNsPerTick = 1'000'000'000 / kTicksPerSecond;

// How long a thread has run. The whole is measured, at every switch; the parts are as the ticks found them,
// as on Linux.
struct CpuTime {
    uint64_t user_ns, system_ns;
};

// Effect: its CPU time until now. Context: any.
CpuTime cpu_time(core::Thread& thread);

// Context: any; the thread has not ended.
Usage usage_of_thread(core::Thread& thread);

// As getrusage(2) and wait4(2) show it.
rusage as_rusage(const Usage& usage);

}  // namespace task
