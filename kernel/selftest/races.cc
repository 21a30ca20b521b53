// `selftest=races:FIRST-LAST`: does the search over seeds (sync/preempt.h) find what it is for? Three
// mistakes are planted here, each beside the same code done right. Of every seed from FIRST to LAST it is
// told which mistakes it shows; what is right, none may break. Debug builds only.
#include <cstdint>

#include "arch/per_cpu.h"
#include "core/clock.h"
#include "core/current.h"
#include "core/log.h"
#include "sched/scheduler.h"
#include "selftest/hex.h"
#include "selftest/selftest.h"
#include "sync/wait_queue.h"
#include "time/tick.h"

namespace selftest {

namespace {

// ---- threads, one after the other or by turns, as the seed wills --------------------------------------

struct Threads {
    void (*bodies[2])() = {};
    lib::Atomic<uint32_t> begun{0};
    lib::Atomic<uint32_t> running{0};
};
constinit Threads threads;

void run_body() {
    threads.bodies[threads.begun.fetch_add(1)]();
    threads.running.fetch_add(-1u);
    sched::end_thread();
}

// Effect: runs the two at the same time, until both have ended. Context: the boot.
void run_both(void (*one)(), void (*other)()) {
    threads.bodies[0] = one;
    threads.bodies[1] = other;
    threads.begun.store(0);
    threads.running.store(2);
    for (int i = 0; i < 2; i++) sched::start_thread(*MUST(sched::make_thread({}, run_body)));
    while (threads.running.load() != 0) sched::give_way(core::current());
}

// ---- lost updates: two threads count in one counter -----------------------------------------------------

constexpr uint64_t kUpdates = 100;
constexpr uint64_t kBareUpdates = 10'000;

sync::SpinLock counter_lock{sync::LockRank::kNode};
volatile uint64_t counter = 0;

void update_rightly() {
    for (uint64_t i = 0; i < kUpdates; i++) {
        sync::SpinGuard guard(counter_lock);
        counter = counter + 1;
    }
}

// MISTAKE: between reading and writing the lock is given back.
void update_in_two_steps() {
    for (uint64_t i = 0; i < kUpdates; i++) {
        sync::SpinGuard guard(counter_lock);
        const uint64_t seen = counter;
        guard.unlock();
        guard.lock();
        counter = seen + 1;
    }
}

// MISTAKE: there is no lock, so no scheduling point either: only an interrupt shows it.
void update_without_lock() {
    for (uint64_t i = 0; i < kBareUpdates; i++) counter = counter + 1;
}

bool loses_updates(void (*update)(), uint64_t times) {
    counter = 0;
    run_both(update, update);
    return counter != 2 * times;
}

// ---- lost wake-ups: one thread fills a box, the other empties it ----------------------------------------

constexpr int kFillings = 20;
constexpr uint64_t kPatienceNs = 10'000'000;  // many times what filling takes

struct Box {
    sync::SpinLock lock{sync::LockRank::kNode};
    bool is_full GUARDED_BY(lock) = false;
    sync::WaitQueue changed;
    bool overslept GUARDED_BY(lock) = false;  // it was full, and nobody woke who waited for that
};
Box box;

void wait_rightly(sync::SpinGuard& guard, bool full) REQUIRES(box.lock) {
    box.changed.wait_until(guard, sync::How::kUninterruptible, sync::kNoDeadline,
                           [full]() REQUIRES(box.lock) { return box.is_full == full; });
}

// MISTAKE: it looks, and puts its name down, and then does not look again.
void wait_wrongly(sync::SpinGuard& guard) REQUIRES(box.lock) {
    while (!box.is_full) {
        const uint64_t deadline = core::now_ns() + kPatienceNs;
        guard.unlock();
        {
            sync::Waiter waiter(box.changed);
            sync::prepare_to_sleep();
            sync::sleep(deadline);
        }
        guard.lock();
        if (box.is_full && core::now_ns() >= deadline) box.overslept = true;
    }
}

void set_box(bool full) REQUIRES(box.lock) {
    box.is_full = full;
    box.changed.wake_all();
}

void fill() {
    for (int i = 0; i < kFillings; i++) {
        sync::SpinGuard guard(box.lock);
        wait_rightly(guard, false);
        set_box(true);
    }
}

void empty_rightly() {
    for (int i = 0; i < kFillings; i++) {
        sync::SpinGuard guard(box.lock);
        const uint64_t begin = core::now_ns();
        wait_rightly(guard, true);
        box.overslept |= core::now_ns() - begin > core::kNsPerSecond;
        set_box(false);
    }
}

void empty_wrongly() {
    for (int i = 0; i < kFillings; i++) {
        sync::SpinGuard guard(box.lock);
        box.overslept ? wait_rightly(guard, true) : wait_wrongly(guard);
        set_box(false);
    }
}

bool loses_wake_ups(void (*empty)()) {
    {
        sync::SpinGuard guard(box.lock);
        box.overslept = false;
    }
    run_both(fill, empty);
    sync::SpinGuard guard(box.lock);
    return box.overslept;
}

// ---- the search -----------------------------------------------------------------------------------------

// How many seeds have shown something, and the first of them.
struct Finds {
    unsigned count = 0;
    uint64_t first = 0;

    void note(bool shown, uint64_t seed) {
        if (shown && count++ == 0) first = seed;
    }
};

struct Report {
    Finds two_steps, without_lock, wake_ups, broken;
};

// Effect: runs everything once, and notes what it showed, for this seed.
void try_all(uint64_t seed, Report& report) {
    report.two_steps.note(loses_updates(update_in_two_steps, kUpdates), seed);
    report.wake_ups.note(loses_wake_ups(empty_wrongly), seed);
    report.without_lock.note(loses_updates(update_without_lock, kBareUpdates), seed);
    report.broken.note(loses_updates(update_rightly, kUpdates) || loses_wake_ups(empty_rightly),
                       seed);
}

// The same when neither a tick nor the end of a slice comes between a thread's instructions.
Report try_all_undisturbed() {
    arch::Cpu& cpu = *arch::this_cpu();
    const volatile uint64_t& strikes = cpu.ticks;
    const uint64_t begin = strikes;
    time::stop_ticks(cpu);
    while (strikes == begin) {  // the timer is set already, and strikes once more
    }
    Report report;
    try_all(0, report);
    const arch::InterruptGuard interrupts;
    time::start_ticks(cpu);
    return report;
}

void print(const char* what, const Finds& by_seeds, const Finds& without) {
    core::log("selftest races: {}: {} seeds, the first is {}; without a seed {}", what,
              by_seeds.count, by_seeds.first, without.count);
}

}  // namespace

SELFTEST(races) {
    if (!sync::kCanDrawSwitches) return false;
    const uint64_t first = decimal_number(argument.take_until('-'));
    const uint64_t last = decimal_number(argument);
    const Report without = try_all_undisturbed();
    Report report;
    for (uint64_t seed = first; seed <= last; seed++) {
        sync::begin_to_draw_switches(seed);
        time::set_tick_seed(seed, time::Pace::kOften);
        try_all(seed, report);
        sync::stop_drawing_switches();
    }
    print("updates lost in two steps", report.two_steps, without.two_steps);
    print("updates lost without a lock", report.without_lock, without.without_lock);
    print("wake-ups lost", report.wake_ups, without.wake_ups);
    print("broken though right", report.broken, without.broken);
    return report.broken.count == 0;
}

}  // namespace selftest
