// Contract: task/statistics.h.
#include "task/statistics.h"

#include "arch/per_cpu.h"
#include "core/clock.h"
#include "task/scheduler.h"

namespace task {

namespace {

constinit LoadAverage the_load;

}  // namespace

void CpuUse::add(const CpuUse& other) {
    user_ns += other.user_ns;
    nice_ns += other.nice_ns;
    system_ns += other.system_ns;
    idle_ns += other.idle_ns;
    switches += other.switches;
}

// What was not idle is divided as the ticks found it.
CpuUse use_of_cpu(unsigned index) {
    CpuUse use;
    if (run_queues[index] == nullptr) return use;
    const RunQueue& queue = *run_queues[index];
    const CpuTime idle = cpu_time(*queue.idle_thread);
    const uint64_t now = core::now_ns();
    use.idle_ns = idle.user_ns + idle.system_ns;
    if (use.idle_ns > now) use.idle_ns = now;
    const uint64_t user = queue.user_ticks.load(), nice = queue.nice_ticks.load();
    const uint64_t all = user + nice + queue.system_ticks.load();
    const uint64_t busy = now - use.idle_ns;
    const uint64_t each = all == 0 ? 0 : busy / all;
    use.user_ns = each * user;
    use.nice_ns = each * nice;
    use.system_ns = busy - use.user_ns - use.nice_ns;
    use.switches = queue.switches.load();
    return use;
}

CpuUse use_of_all_cpus() {
    CpuUse sum;
    for (unsigned i = 0; i < arch::cpu_count(); i++) sum.add(use_of_cpu(i));
    return sum;
}

void update_load_average() {
    const uint64_t now = core::now_ns();
    if (the_load.is_due(now)) the_load.update(now, count_ready());
}

const LoadAverage& load_average() {
    update_load_average();
    return the_load;
}

}  // namespace task
