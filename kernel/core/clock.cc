// ns = ticks * multiplier / 2^32 with a multiplier of 32.32 bits, fixed at boot: one multiplication
// and a shift in every reading instead of a division.
#include "core/clock.h"

#include "arch/cpu.h"
#include "lib/atomic.h"

namespace core {

namespace {
uint64_t rate = 10'000'000;
uint64_t ns_per_tick = (kNsPerSecond << 32) / 10'000'000;  // 32.32
lib::Atomic<uint64_t> realtime_offset{0};                  // ns

uint64_t multiply(uint64_t value, uint64_t fraction) {
    return static_cast<uint64_t>((static_cast<unsigned __int128>(value) * fraction) >> 32);
}
}  // namespace

void set_clock_rate(uint64_t ticks_per_second) {
    rate = ticks_per_second;
    ns_per_tick = (kNsPerSecond << 32) / ticks_per_second;
}

uint64_t clock_rate() { return rate; }
uint64_t ticks_to_ns(uint64_t ticks) { return multiply(ticks, ns_per_tick); }
uint64_t ns_to_ticks(uint64_t ns) { return multiply(ns, (rate << 32) / kNsPerSecond); }
uint64_t now_ns() { return ticks_to_ns(arch::read_clock()); }

uint64_t realtime_ns() { return now_ns() + realtime_offset.load(lib::Order::kRelaxed); }
void set_realtime_ns(uint64_t ns) { realtime_offset.store(ns - now_ns()); }

}  // namespace core
