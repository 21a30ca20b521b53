// `selftest=cpus`: every CPU has a timer of its own, and wakes up when another one wants it. Start it with
// SMP=4.
#include <cstdint>

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/clock.h"
#include "core/log.h"
#include "entry/interrupt.h"
#include "sched/scheduler.h"
#include "selftest/selftest.h"
#include "time/timers.h"

namespace selftest {

namespace {

constexpr unsigned kBeats = 10;
constexpr uint64_t kBeatNs = 10'000'000;
constexpr unsigned kWakes = 2000;
constexpr uint64_t kPatienceNs = 5 * core::kNsPerSecond;

// A timer that starts itself again, on the CPU where it was started first.
struct Heart : time::Timer {
    Heart() : Timer(beat) {}
    static void beat(time::Timer& timer);

    uint64_t first_ns = 0;
    unsigned beats = 0;
    lib::Atomic<uint64_t> last_ns{0};  // 0: not yet
};

void Heart::beat(time::Timer& timer) {
    auto& heart = static_cast<Heart&>(timer);
    if (++heart.beats == kBeats) {
        heart.last_ns.store(core::now_ns());
    } else {
        time::start_timer(heart, core::now_ns() + kBeatNs);
    }
}

Heart hearts[arch::kMaxCpus];
lib::Atomic<uint32_t> beating{0};              // what the CPUs do in the hook
lib::Atomic<uint32_t> visits[arch::kMaxCpus];  // how often each was there

// On the way out of each interrupt, on each CPU.
void visit() {
    const uint32_t cpu = arch::this_cpu()->index;
    visits[cpu].fetch_add(1);
    if (beating.load() == 0 || hearts[cpu].first_ns != 0) return;
    hearts[cpu].first_ns = core::now_ns();
    time::start_timer(hearts[cpu], core::now_ns() + kBeatNs);
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

// Effect: how many of the other CPUs' timers did not strike, or not at their times.
unsigned count_bad_timers() {
    unsigned wrong = 0;
    beating.store(1);
    for (unsigned i = 1; i < arch::cpu_count(); i++) arch::send_ipi(arch::cpu_blocks[i]);
    for (unsigned i = 1; i < arch::cpu_count(); i++) {
        const Heart& heart = hearts[i];
        if (!happens([&] { return heart.last_ns.load() != 0; })) wrong++;
        if (heart.last_ns.load() - heart.first_ns < kBeats * kBeatNs) wrong++;
    }
    beating.store(0);
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

// Effect: how many CPUs are online, so that others may send threads there, and have no run queue.
unsigned count_without_queue() {
    unsigned wrong = 0;
    for (unsigned i = 0; i < arch::cpu_count(); i++) {
        if (arch::cpu_blocks[i].is_online() && sched::run_queues[i] == nullptr) wrong++;
    }
    return wrong;
}

}  // namespace

SELFTEST(cpus) {
    const unsigned without_queue = count_without_queue();
    entry::set_interrupt_exit_hook(visit);
    const unsigned bad_timers = count_bad_timers();
    const unsigned sleepy = count_sleepy();
    entry::set_interrupt_exit_hook(nullptr);
    core::log("selftest cpus: cpus={} bad_timers={} sleepy={} without_queue={}",
              arch::online_cpu_count(), bad_timers, sleepy, without_queue);
    return bad_timers == 0 && sleepy == 0 && without_queue == 0;
}

}  // namespace selftest
