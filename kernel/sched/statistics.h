// What the machine's CPUs have done since the boot, for /proc/stat, /proc/uptime and /proc/loadavg.
#pragma once
#include <cstdint>

#include "sched/load_average.h"

namespace sched {

// How long a CPU was idle, which is measured, and what it did in between: that, the ticks say.
struct CpuUse {
    uint64_t user_ns = 0, nice_ns = 0, system_ns = 0, idle_ns = 0;
    uint64_t switches = 0;

    void add(const CpuUse& other);
};

// Effect: that of a CPU, nothing if it runs no threads. Context: any.
CpuUse use_of_cpu(unsigned index);

// Effect: that of all CPUs together.
CpuUse use_of_all_cpus();

// How many threads run or want to, of the whole machine.
uint32_t count_ready();

// The machine's load, up to date.
const LoadAverage& load_average();

// Effect: counts this moment. Context: interrupt (a CPU that is not idle), or any.
void update_load_average();

}  // namespace sched
