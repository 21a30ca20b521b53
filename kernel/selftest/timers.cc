// `selftest=timers`: timers expire in order, never early and not late; cancelled ones never; from another
// CPU too (SMP=2). Nothing but timers strikes: start it with tick=off, then with ticks.
#include <cstdint>

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/clock.h"
#include "core/log.h"
#include "entry/interrupt.h"
#include "lib/random.h"
#include "selftest/selftest.h"
#include "time/timers.h"

namespace selftest {

namespace {

constexpr unsigned kTimers = 200;
constexpr unsigned kChases = 2000;
constexpr uint64_t kMicrosecond = 1000;
constexpr uint64_t kPatienceNs = 5 * core::kNsPerSecond;

struct Probe : time::Timer {
    Probe() : Timer(expired) {}
    static void expired(time::Timer& timer);

    uint64_t expired_at = 0;
    lib::Atomic<uint32_t> times{0};
};

Probe probes[kTimers];
uint64_t last_deadline = 0;
unsigned out_of_order = 0;

void Probe::expired(time::Timer& timer) {
    auto& probe = static_cast<Probe&>(timer);
    probe.expired_at = core::now_ns();
    probe.times.fetch_add(1);
    if (probe.deadline_ns < last_deadline) out_of_order++;
    last_deadline = probe.deadline_ns;
}

struct Counts {
    unsigned early = 0, lost = 0, revived = 0;
    uint64_t latest_ns = 0;
};

// Every third timer is cancelled; the rest expire within two milliseconds.
Counts run_probes() {
    lib::Random random{17};
    {
        arch::InterruptGuard interrupts;
        const uint64_t begin = core::now_ns() + 200 * kMicrosecond;
        for (Probe& probe : probes) {
            start_timer(probe, begin + random.below(2000 * kMicrosecond));
        }
        for (unsigned i = 0; i < kTimers; i += 3) cancel_timer(probes[i]);
    }
    const uint64_t end = core::now_ns() + 10'000 * kMicrosecond;
    while (core::now_ns() < end) arch::pause_cpu();
    Counts counts;
    for (unsigned i = 0; i < kTimers; i++) {
        const Probe& probe = probes[i];
        const unsigned times = probe.times.load();
        if (i % 3 == 0) {
            counts.revived += times;
            continue;
        }
        if (times != 1) counts.lost++;
        if (probe.expired_at < probe.deadline_ns) counts.early++;
        const uint64_t late = probe.expired_at - probe.deadline_ns;
        if (late > counts.latest_ns) counts.latest_ns = late;
    }
    return counts;
}

// ---- one CPU starts a timer again and again, another cancels it -----------------------------------------

lib::Atomic<uint32_t> turn{0};  // odd: the other CPU starts the timer, even: this one cancels
Probe chased;

void start_on_request() {
    if (turn.load() % 2 == 0 || arch::this_cpu()->index == 0) return;
    start_timer(chased, core::now_ns() + 20 * kMicrosecond);
    turn.fetch_add(1);
}

// Effect: how often the timer had expired though cancel_timer() said no, or the other way round.
unsigned count_wrong_chases() {
    entry::set_interrupt_exit_hook(start_on_request);
    unsigned wrong = 0;
    lib::Random random{3};
    for (unsigned i = 0; i < kChases; i++) {
        const uint32_t before = chased.times.load();
        turn.fetch_add(1);
        arch::send_ipi(arch::cpu_blocks[1]);
        const uint64_t end = core::now_ns() + kPatienceNs;
        while (turn.load() % 2 == 1 && core::now_ns() < end) arch::pause_cpu();
        const uint64_t cancel_at = core::now_ns() + random.below(40 * kMicrosecond);
        while (core::now_ns() < cancel_at) arch::pause_cpu();
        const bool in_time = cancel_timer(chased);
        const bool expired = chased.times.load() != before;
        if (in_time == expired) wrong++;
    }
    entry::set_interrupt_exit_hook(nullptr);
    return wrong;
}

}  // namespace

SELFTEST(timers) {
    const Counts counts = run_probes();
    const unsigned wrong_chases = arch::online_cpu_count() > 1 ? count_wrong_chases() : 0;
    core::log("selftest timers: early={} lost={} revived={} out_of_order={} wrong_chases={}",
              counts.early, counts.lost, counts.revived, out_of_order, wrong_chases);
    core::log("selftest timers: latest={} ns", counts.latest_ns);
    return counts.early + counts.lost + counts.revived + out_of_order + wrong_chases == 0;
}

}  // namespace selftest
