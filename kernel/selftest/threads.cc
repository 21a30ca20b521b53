// `selftest=threads:HEX` and `selftest=sleepers:HEX`: threads of the kernel, which have no program and no
// process, take turns on one CPU, and wake each other. Only a switch, a run queue and sleep are needed.
#include <cstdint>

#include "core/clock.h"
#include "core/current.h"
#include "core/log.h"
#include "sched/scheduler.h"
#include "selftest/hex.h"
#include "selftest/selftest.h"
#include "sync/wait_queue.h"

namespace selftest {

namespace {

constexpr unsigned kThreads = 3;
constexpr unsigned kRounds = 200;

uint64_t seed = 0;
lib::Atomic<uint64_t> sum_of_rounds{
    0};                          // of a number for each round of each thread: the host knows it
lib::Atomic<uint32_t> begun{0};  // how many threads have come to their first line
lib::Atomic<uint32_t> left{0};   // how many have not come to their last
lib::Atomic<uint32_t> wrong{0};

// Where the host stops the machine (grading/test_processes.py): at each thread's beginning, on its stack,
// and when all have ended.
[[gnu::noinline]] void thread_begun() { asm volatile("" : : : "memory"); }
[[gnu::noinline]] void threads_done() { asm volatile("" : : : "memory"); }

void count_round(unsigned thread, unsigned round) {
    sum_of_rounds.fetch_add(seed * (2 * (uint64_t{thread} * kRounds + round) + 3));
}

// Effect: runs threads that begin with `entry`, until all have ended. Context: the boot, which is this
// CPU's idle thread: it runs while nobody else wants to.
void run_threads(void (*entry)(), unsigned count) {
    left.store(count);
    for (unsigned i = 0; i < count; i++) {
        const auto thread = sched::make_thread({}, entry);
        if (!thread) {
            wrong.fetch_add(1);
            left.fetch_add(-1u);
            continue;
        }
        (*thread)->tid = static_cast<int>(2 + i);
        sched::start_thread(**thread);
    }
    while (left.load() != 0) sched::give_way(core::current());
}

[[noreturn]] void end() {
    left.fetch_add(-1u);
    sched::end_thread();
}

// ---- taking turns ------------------------------------------------------------------------------------

unsigned last_to_run = kThreads;
lib::Atomic<uint32_t> repeated{0};  // turns that a thread had twice in a row while others waited

void take_turns() {
    thread_begun();
    const unsigned self = begun.fetch_add(1);
    uint64_t kept[8];
    for (uint64_t& number : kept) number = seed ^ self;
    for (unsigned round = 0; round < kRounds; round++) {
        if (last_to_run == self && left.load() == kThreads) repeated.fetch_add(1);
        last_to_run = self;
        count_round(self, round);
        sched::yield();
        for (const uint64_t number : kept) wrong.fetch_add(number != (seed ^ self));
    }
    end();
}

// ---- sleeping and waking -----------------------------------------------------------------------------

constexpr unsigned kSleeps = 10;
constexpr uint64_t kSleepNs = 3'000'000;

struct Ball {
    sync::SpinLock lock{sync::LockRank::kNode};
    sync::WaitQueue thrown;
    unsigned throws GUARDED_BY(lock) = 0;
};
Ball* ball = nullptr;  // on the stack of the self-test

// One of two that throw a ball to each other, each asleep until it comes.
void play() {
    thread_begun();
    const unsigned self = begun.fetch_add(1);
    for (unsigned round = 0; round < kRounds; round++) {
        sync::SpinGuard guard(ball->lock);
        ball->thrown.wait_until(guard, sync::How::kUninterruptible, sync::kNoDeadline,
                                [&]() REQUIRES(ball->lock) { return ball->throws % 2 == self; });
        ball->throws++;
        count_round(self, round);
        ball->thrown.wake_all();
    }
    end();
}

// Effect: counts it as wrong if the thread that runs is not told to be running.
void check_state() {
    if (core::current().sched.state != sched::ThreadState::kRunning) wrong.fetch_add(1);
}

// One that nobody wakes.
void sleep_alone() {
    thread_begun();
    const unsigned self = begun.fetch_add(1);
    sync::SpinLock lock{sync::LockRank::kNode};
    sync::WaitQueue never;
    for (unsigned round = 0; round < kSleeps; round++) {
        const uint64_t deadline = core::now_ns() + kSleepNs;
        sync::SpinGuard guard(lock);
        const auto woken =
            never.wait_until(guard, sync::How::kUninterruptible, deadline, [] { return false; });
        if (woken != sync::Woken::kTimedOut || core::now_ns() < deadline) wrong.fetch_add(1);
        check_state();
        count_round(self, round);
    }
    end();
}

// One that is woken before it sleeps, while it still runs: so it must not sleep at all.
void wake_early() {
    thread_begun();
    const unsigned self = begun.fetch_add(1);
    for (unsigned round = 0; round < kRounds; round++) {
        sync::prepare_to_sleep();
        sync::wake(core::current());
        sync::sleep(sync::kNoDeadline);
        check_state();
        count_round(self, round);
    }
    end();
}

}  // namespace

SELFTEST(threads) {
    seed = hex_number(argument);
    run_threads(take_turns, kThreads);
    threads_done();
    core::log("selftest threads: sum={:016x} repeated={} wrong={}", sum_of_rounds.load(),
              repeated.load(), wrong.load());
    return wrong.load() == 0;
}

SELFTEST(sleepers) {
    seed = hex_number(argument);
    Ball between;
    ball = &between;
    run_threads(play, 2);
    run_threads(sleep_alone, 1);
    run_threads(wake_early, 1);
    threads_done();
    core::log("selftest sleepers: sum={:016x} wrong={}", sum_of_rounds.load(), wrong.load());
    return wrong.load() == 0;
}

}  // namespace selftest
