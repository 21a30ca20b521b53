// `selftest=nesting:HEX`: traps of the kernel inside traps of the kernel. A computation that keeps many
// registers busy is interrupted by ticks whose handling is interrupted by ticks, and must not notice.
#include <cstdint>

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/log.h"
#include "entry/interrupt.h"
#include "selftest/hex.h"
#include "selftest/selftest.h"

namespace selftest {

namespace {

constexpr unsigned kDeepest = 4;
constexpr uint64_t kTicksWanted = 40;
constexpr unsigned kRounds = 20'000;

volatile unsigned depth = 0;
unsigned deepest = 0;

// Eight running values and their neighbours: more than a compiler keeps in temporaries alone.
uint64_t mix(uint64_t seed) {
    uint64_t a = seed, b = ~seed, c = seed * 3, d = seed * 5;
    uint64_t e = seed * 7, f = seed * 11, g = seed * 13, h = seed * 17;
    for (unsigned round = 0; round < kRounds; round++) {
        a += b, c ^= a, e += c, g ^= e;
        b = b << 9 | b >> 55, d += g, f ^= d, h += f;
        a ^= h, b += d, c += f, e ^= b, g += a;
    }
    return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h;
}

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

}  // namespace

// Prints what the undisturbed computation gives; the host computes it as well.
SELFTEST(nesting) {
    const uint64_t seed = hex_number(argument);
    const volatile uint64_t& ticks = arch::this_cpu()->ticks;
    arch::disable_interrupts();
    const uint64_t wanted = mix(seed);
    arch::enable_interrupts();
    entry::set_interrupt_exit_hook(wait_for_a_nested_tick);
    uint64_t wrong = 0;
    for (const uint64_t end = ticks + kTicksWanted; ticks < end;)
        wrong += mix(seed) != wanted ? 1 : 0;
    entry::set_interrupt_exit_hook(nullptr);
    core::log("selftest nesting: digest={:016x} deepest={} wrong={}", wanted, deepest, wrong);
    return wrong == 0 && deepest == kDeepest;
}

}  // namespace selftest
