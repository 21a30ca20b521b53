// `selftest=lib`: what the host tests cannot see, because it is made for this CPU or needs several.
#include <cstring>

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/clock.h"
#include "core/log.h"
#include "lib/format.h"
#include "selftest/selftest.h"
#include "sync/spinlock.h"

namespace selftest {

namespace {

bool expect(bool condition, const char* what) {
    if (!condition) core::log("selftest lib: {}: failed", what);
    return condition;
}

bool memory_functions_work() {
    char a[100];
    char b[100];
    memset(a, 'x', sizeof(a));
    for (size_t size = 0; size < sizeof(a); size++) {
        memset(b, 'y', sizeof(b));
        memcpy(b, a, size);
        if (memcmp(a, b, size) != 0 || b[size] != 'y') return false;
    }
    for (size_t i = 0; i < sizeof(a); i++) a[i] = static_cast<char>(i);
    memmove(a + 1, a, 50);
    return a[0] == 0 && a[1] == 0 && a[50] == 49 && a[51] == 51;
}

bool clock_moves() {
    const uint64_t before = core::now_ns();
    while (core::now_ns() == before) arch::pause_cpu();
    return core::now_ns() > before && core::ticks_to_ns(core::ns_to_ticks(1'000'000)) <= 1'000'000;
}

bool locks_keep_books() {
    sync::SpinLock lock{sync::LockRank::kFrames};
    arch::Cpu& cpu = *arch::this_cpu();
    const unsigned before = cpu.preempt_count;
    bool held;
    {
        sync::InterruptSpinGuard guard(lock);
        held = lock.held_by_this_cpu() && cpu.preempt_count == before + 1 &&
               !arch::interrupts_enabled();
    }
    return held && !lock.held_by_this_cpu() && cpu.preempt_count == before &&
           arch::interrupts_enabled();
}

}  // namespace

SELFTEST(lib) {
    bool passed = expect(memory_functions_work(), "memcpy, memmove, memset, memcmp");
    passed &= expect(clock_moves(), "the clock");
    passed &= expect(locks_keep_books(), "spinlocks and the preempt count");
    passed &= expect(arch::online_cpu_count() == arch::cpu_count(), "all CPUs run");
    return passed;
}

// Two locks in the wrong order: debug builds panic and name both.
SELFTEST(lockorder) {
    sync::SpinLock console{sync::LockRank::kConsole};
    sync::SpinLock frames{sync::LockRank::kFrames};
    sync::SpinGuard first(console);
    sync::SpinGuard second(frames);
    return false;
}

}  // namespace selftest
