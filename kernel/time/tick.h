// When the timer shall interrupt next: at the next tick, or before, for a timer (timers.h). Called by
// entry/tick.cc and the scheduler. Deadlines are in clock ticks.
#pragma once
#include <cstdint>

#include "arch/per_cpu.h"

namespace time {

inline constexpr uint64_t kTicksPerSecond = 100;  // HZ
inline constexpr uint64_t kNever = ~uint64_t{0};

// Effect: chooses how ticks are drawn. With a seed, each span until the next one is pseudo-random and
// the same for the same seed and CPU: races show on one CPU. Spans are of up to a period, or, when ticks
// shall come often, of up to a tenth. Context: boot.
enum class Pace : uint8_t { kUsual, kOften };
void set_tick_seed(uint64_t seed, Pace pace = Pace::kUsual);

// Effect: the first tick of this CPU comes one period from now. Context: interrupts off.
void start_ticks(arch::Cpu& cpu);
// Effect: no more ticks come, nor ends of time slices, but for what the timer is set to already. Context:
// any.
void stop_ticks(arch::Cpu& cpu);

// Effect: whether the timer strikes for a tick, and not for a timer only. Context: its interrupt, before
// next_deadline().
bool is_tick_due(const arch::Cpu& cpu);

// Effect: the deadline after `previous`, which has passed: the next tick, one period (or a drawn span)
// after the last, or an earlier timer; always in the future even if interrupts were off for long.
// Context: interrupt.
uint64_t next_deadline(uint64_t previous);

// Effect: the timer strikes by `deadline`, for whatever else it strikes before. Context: interrupts off.
void strike_by(arch::Cpu& cpu, uint64_t deadline);

// Effect: the same for the end of a time slice: on a CPU without ticks (tick=off) slices have no end.
void end_slice_by(arch::Cpu& cpu, uint64_t deadline);

// Effect: this CPU has nothing to do, and has something to do again: between the two no ticks come (but
// for one that is under way), only timers. Context: interrupts off.
void pause_ticks(arch::Cpu& cpu);
void resume_ticks(arch::Cpu& cpu);

}  // namespace time
