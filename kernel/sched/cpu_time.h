// How long a thread has run, and in which units programs are told.
#pragma once
#include <cstdint>

#include "core/thread.h"

namespace sched {

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

}  // namespace sched
