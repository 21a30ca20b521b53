// `selftest=cpus`: every CPU has a timer of its own, and wakes up when another one wants it. Start it with
// SMP=4.
#include <cstdint>

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/clock.h"
#include "core/log.h"
#include "entry/interrupt.h"
#include "entry/tick.h"
#include "selftest/selftest.h"
#include "time/tick.h"

namespace selftest {

namespace {

constexpr uint64_t kTicks = 10;
constexpr unsigned kWakes = 2000;
constexpr uint64_t kPatienceNs = 5 * core::kNsPerSecond;

lib::Atomic<uint32_t> ticking{0};                 // what the CPUs do in the hook
lib::Atomic<uint32_t> visits[arch::kMaxCpus];     // how often each was there
uint64_t first_tick[arch::kMaxCpus];              // in ns
lib::Atomic<uint64_t> last_tick[arch::kMaxCpus];  // 0: not yet

// On the way out of each interrupt, on each CPU.
void visit() {
    arch::Cpu& cpu = *arch::this_cpu();
    const uint32_t visit = visits[cpu.index].fetch_add(1);
    if (ticking.load() == 0) return;
    if (visit == 0) {
        first_tick[cpu.index] = core::now_ns();
        cpu.ticks = 0;
        entry::start_ticks(cpu);
    } else if (cpu.ticks == kTicks) {
        last_tick[cpu.index].store(core::now_ns());
        arch::set_timer(~uint64_t{0});
    }
}

template <typename Condition>
bool happens(Condition condition) {
    const uint64_t end = core::now_ns() + kPatienceNs;
    while (!condition()) {
        if (core::now_ns() > end) return false;
        arch::pause_cpu();
    }
    return true;
}

// Effect: how many of the other CPUs did not tick, or not as fast as they should.
unsigned count_bad_timers() {
    unsigned wrong = 0;
    ticking.store(1);
    for (unsigned i = 1; i < arch::cpu_count(); i++) arch::send_ipi(arch::cpu_blocks[i]);
    for (unsigned i = 1; i < arch::cpu_count(); i++) {
        if (!happens([i] { return last_tick[i].load() != 0; })) wrong++;
        const uint64_t took = last_tick[i].load() - first_tick[i];
        if (took < kTicks * core::kNsPerSecond / time::kTicksPerSecond) wrong++;
    }
    ticking.store(0);
    return wrong;
}

// Effect: how many of the other CPUs slept through an interrupt that was sent when they were about to sleep.
unsigned count_sleepy() {
    unsigned wrong = 0;
    for (unsigned i = 1; i < arch::cpu_count(); i++) {
        for (unsigned wake = 0; wake < kWakes; wake++) {
            const uint32_t before = visits[i].load();
            arch::send_ipi(arch::cpu_blocks[i]);
            if (happens([i, before] { return visits[i].load() != before; })) continue;
            wrong++;
            break;
        }
    }
    return wrong;
}

}  // namespace

SELFTEST(cpus) {
    entry::set_interrupt_exit_hook(visit);
    const unsigned bad_timers = count_bad_timers();
    const unsigned sleepy = count_sleepy();
    entry::set_interrupt_exit_hook(nullptr);
    core::log("selftest cpus: cpus={} bad_timers={} sleepy={}", arch::online_cpu_count(),
              bad_timers, sleepy);
    return bad_timers == 0 && sleepy == 0;
}

}  // namespace selftest
