// Contract: sched/statistics.h.
#include "sched/statistics.h"

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/clock.h"
#include "sched/cpu_time.h"
#include "sched/door.h"
#include "sched/scheduler.h"

namespace sched {

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

CpuUse use_of_cpu(unsigned index) {
    CpuUse use;
    if (!arch::cpu_blocks[index].is_online() || run_queues[index] == nullptr) return use;
    const RunQueue& queue = *run_queues[index];
    const CpuTime idle = cpu_time(*queue.idle_thread);
    use.idle_ns = idle.user_ns + idle.system_ns;
    use.user_ns = queue.user_ticks.load() * kNsPerTick;
    use.nice_ns = queue.nice_ticks.load() * kNsPerTick;
    use.system_ns = queue.system_ticks.load() * kNsPerTick;
    use.switches = queue.switches.load();
    return use;
}

CpuUse use_of_all_cpus() {
    CpuUse sum;
    for (unsigned i = 0; i < arch::cpu_count(); i++) sum.add(use_of_cpu(i));
    return sum;
}

void count_tick(arch::Cpu& cpu, bool in_user_mode) {
    ThreadPart& part = cpu.running->sched;
    in_user_mode ? part.user_ticks++ : part.system_ticks++;
    RunQueue& queue = *run_queues[cpu.index];
    if (cpu.running == queue.idle_thread) return;
    if (in_user_mode) {
        lib::count(part.nice > 0 ? queue.nice_ticks : queue.user_ticks);
    } else {
        lib::count(queue.system_ticks);
    }
    update_load_average();
}

uint32_t count_ready() NO_THREAD_SAFETY_ANALYSIS {
    const arch::InterruptGuard interrupts;
    uint32_t count = 0;
    for (uint32_t i = 0; i < arch::cpu_count(); i++) {
        if (!arch::cpu_blocks[i].is_online() || run_queues[i] == nullptr) continue;
        RunQueue& queue = *run_queues[i];
        queue.lock.acquire();
        count += queue.length();
        if (arch::cpu_blocks[i].running != queue.idle_thread) count++;
        queue.lock.release();
    }
    return count;
}

void update_load_average() {
    const uint64_t now = core::now_ns();
    if (the_load.is_due(now)) the_load.update(now, count_ready());
}

const LoadAverage& load_average() {
    update_load_average();
    return the_load;
}

}  // namespace sched
