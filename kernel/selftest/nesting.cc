// `selftest=nesting:HEX`: traps of the kernel inside traps of the kernel. Code that holds a pattern in
// every register is interrupted by ticks whose handling is interrupted by ticks, and must not notice.
#include <cstdint>

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "arch/spin_registers.h"
#include "core/log.h"
#include "entry/interrupt.h"
#include "selftest/hex.h"
#include "selftest/selftest.h"

namespace selftest {

namespace {

constexpr unsigned kDeepest = 4;
constexpr uint64_t kTicksWanted = 40;
constexpr uint64_t kRounds = 50'000;

volatile unsigned depth = 0;
unsigned deepest = 0;

// The way out of a tick: stays until the next one has come and gone, as a kernel does that lets
// somebody else run here.
void wait_for_a_nested_tick() {
    if (depth >= kDeepest) return;
    depth = depth + 1;
    if (depth > deepest) deepest = depth;
    const volatile uint64_t& ticks = arch::this_cpu()->ticks;
    const uint64_t before = ticks;
    arch::enable_interrupts();
    while (ticks == before) arch::pause_cpu();
    arch::disable_interrupts();
    depth = depth - 1;
}

using Registers = uint64_t[arch::kSpinRegisters];

Registers registers_seen;

// Where the host stops the machine and reads what the registers held (grading/test_traps.py).
[[gnu::noinline]] void nesting_done() { asm volatile("" : : : "memory"); }

void draw_patterns(uint64_t seed, Registers& patterns) {
    for (unsigned i = 0; i < arch::kSpinRegisters; i++) patterns[i] = seed * (2 * i + 3);
    patterns[27] = patterns[26];  // the loop counts in one until it reaches the other
}

uint64_t digest(const Registers& values) {
    uint64_t sum = 0;
    for (const uint64_t value : values) sum = sum * 31 + value;
    return sum;
}

// Effect: says which registers are not what they were.
unsigned count_changed(const Registers& patterns, const Registers& seen) {
    unsigned changed = 0;
    for (unsigned i = 0; i < arch::kSpinRegisters; i++) {
        if (seen[i] == patterns[i]) continue;
        changed++;
        core::log("selftest nesting: x{} was {:016x} and became {:016x}", i, patterns[i], seen[i]);
    }
    return changed;
}

}  // namespace

// Prints a digest of what the registers held at the end; the host computes it as well.
SELFTEST(nesting) {
    Registers patterns;
    Registers& seen = registers_seen;
    draw_patterns(hex_number(argument), patterns);
    const volatile uint64_t& ticks = arch::this_cpu()->ticks;
    entry::set_interrupt_exit_hook(wait_for_a_nested_tick);
    unsigned wrong = 0;
    for (const uint64_t end = ticks + kTicksWanted; ticks < end && wrong == 0;) {
        arch::spin_with_registers(patterns, seen, kRounds);
        wrong = count_changed(patterns, seen);
    }
    entry::set_interrupt_exit_hook(nullptr);
    nesting_done();
    core::log("selftest nesting: digest={:016x} deepest={} wrong={}", digest(seen), deepest, wrong);
    return wrong == 0 && deepest == kDeepest;
}

}  // namespace selftest
