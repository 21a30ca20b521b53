// When the timer shall interrupt next. Called by entry/tick.cc. Deadlines are in clock ticks.
#pragma once
#include <cstdint>

namespace time {

inline constexpr uint64_t kTicksPerSecond = 100;  // HZ

// Effect: chooses how deadlines are drawn. With a seed, each span until the next one is
// pseudo-random and the same for the same seed and CPU: races show on one CPU. Context: boot.
void set_tick_seed(uint64_t seed);

// Effect: the deadline after `previous`: one period later (or a drawn span), always in the future
// even if interrupts were off for long. Context: interrupt.
uint64_t next_deadline(uint64_t previous);

}  // namespace time
