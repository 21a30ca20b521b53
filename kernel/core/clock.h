// The monotonic clock: nanoseconds since power-on, from the machine's tick counter; and the wall clock,
// which is a difference from it. There is no battery clock: at power-on it is 1970.
#pragma once
#include <cstdint>

namespace core {

inline constexpr uint64_t kNsPerSecond = 1'000'000'000;

// Effect: fixes the rate, from the device tree. Context: boot.
void set_clock_rate(uint64_t ticks_per_second);
uint64_t clock_rate();

// Effect: the time now, and the length of a span of ticks, in ns; exact for centuries (128-bit
// multiply, no rounding that adds up). Context: any.
uint64_t now_ns();
uint64_t ticks_to_ns(uint64_t ticks);
uint64_t ns_to_ticks(uint64_t ns);

// Effect: the wall clock, in ns since 1970, and setting it; never to less than now_ns(), as on Linux.
// Context: any.
uint64_t realtime_ns();
void set_realtime_ns(uint64_t ns);

}  // namespace core
