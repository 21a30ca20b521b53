// `selftest=cpus`: every CPU has a timer of its own, and wakes up when another one wants it; a thread whose
// CPUs are changed while it is on its way from one run queue to another does not run on a wrong CPU. Start it
// with SMP=4.
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

// ---- a thread between two queues -----------------------------------------------------------------------
//
// The thread that a waker or a thief moves to another queue is in neither queue for a moment. The lock of the
// second queue is held here, so the moment lasts until the thread's CPUs are changed.

// CPUs: the one of the second queue, one that spins, and the one where the thread must run.
constexpr uint32_t kSecond = 1, kBusy = 2, kNew = 3;

enum : uint32_t { kWait, kWake, kEnd };  // what the thread that spins is told
lib::Atomic<uint32_t> order{kWait};
lib::Atomic<uint32_t> spinning{0};  // how many threads spin
lib::Atomic<core::Thread*> moved{nullptr};
lib::Atomic<uint32_t> ran_on{arch::kMaxCpus};  // where `moved` ran; kMaxCpus: not yet

void run_moved() {
    ran_on.store(arch::this_cpu()->index);
    sched::end_thread();
}

// No tick ends its turn.
void spin() {
    arch::disable_interrupts();
    spinning.fetch_add(1);
    while (order.load() == kWait) arch::pause_cpu();
    if (order.load() == kWake) sched::start_thread(*moved.load());
    while (order.load() != kEnd) arch::pause_cpu();
    spinning.fetch_add(-1u);
    sched::end_thread();
}

core::Thread& thread_for(lib::CpuSet cpus, void (*entry)()) {
    core::Thread& thread = *MUST(sched::make_thread({}, entry));
    thread.sched.affinity.store(cpus);
    return thread;
}

// Effect: lets `begin` send the thread on its way to CPU kSecond, and changes its CPUs to kNew alone before
// it comes there. Returns whether it was met between the queues.
template <typename Begin>
bool meet(core::Thread& thread, Begin begin) NO_THREAD_SAFETY_ANALYSIS {
    const arch::InterruptGuard interrupts;
    sched::RunQueue& second = *sched::run_queues[kSecond];
    second.lock.acquire();
    begin();
    const bool met = happens([&] { return thread.sched.cpu.load() == kSecond; });
    thread.sched.affinity.store(lib::set_of(kNew));
    second.lock.release();
    return met;
}

// Effect: moves a thread in one of the two ways; whether it ran on the CPU that it may use at last.
bool arrives_rightly(bool is_stolen) {
    ran_on.store(arch::kMaxCpus);
    order.store(kWait);
    sched::start_thread(thread_for(lib::set_of(kBusy), spin));
    if (!happens([] { return spinning.load() != 0; })) return false;
    core::Thread& thread = thread_for(lib::set_of(is_stolen ? kBusy : kSecond), run_moved);
    moved.store(&thread);
    if (is_stolen) {
        sched::start_thread(thread);  // it waits behind the thread that keeps this CPU busy
        const sched::QueueGuard queue(thread.sched);
        thread.sched.affinity.store(lib::set_of(kBusy) | lib::set_of(kSecond));
    }
    const bool met = meet(thread, [is_stolen] {
        is_stolen ? arch::send_ipi(arch::cpu_blocks[kSecond]) : order.store(kWake);
    });
    const bool arrived = happens([] { return ran_on.load() != arch::kMaxCpus; });
    order.store(kEnd);
    return happens([] { return spinning.load() == 0; }) && met && arrived && ran_on.load() == kNew;
}

// Effect: how many of them went astray; needs four CPUs.
unsigned count_astray() {
    if (arch::cpu_count() <= kNew) return 0;
    return (arrives_rightly(false) ? 0 : 1) + (arrives_rightly(true) ? 0 : 1);
}

}  // namespace

SELFTEST(cpus) {
    const unsigned without_queue = count_without_queue();
    entry::set_interrupt_exit_hook(visit);
    const unsigned bad_timers = count_bad_timers();
    const unsigned sleepy = count_sleepy();
    entry::set_interrupt_exit_hook(nullptr);
    const unsigned astray = count_astray();
    core::log("selftest cpus: cpus={} bad_timers={} sleepy={} without_queue={} astray={}",
              arch::online_cpu_count(), bad_timers, sleepy, without_queue, astray);
    return bad_timers == 0 && sleepy == 0 && without_queue == 0 && astray == 0;
}

}  // namespace selftest
