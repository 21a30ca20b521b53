// Periodic deadlines that do not drift, or seeded ones, and the timers in between.
#include "time/tick.h"

#include "arch/cpu.h"
#include "core/clock.h"
#include "lib/random.h"
#include "time/timers.h"

namespace time {

namespace {
bool seeded = false;
uint64_t longest_part = 1;  // of a period: the longest span between seeded ticks

// Each CPU has its own, used with interrupts off.
struct State {
    lib::Random random{0};
    uint64_t next_tick = kNever;
    uint64_t armed_for = kNever;  // what the hardware is armed for
    bool ticks = false;           // ticks were started
    bool is_paused = false;
};
constinit State states[arch::kMaxCpus];

uint64_t tick_after(State& state, uint64_t tick) {
    const uint64_t now = arch::read_clock();
    const uint64_t period = core::clock_rate() / kTicksPerSecond;
    if (seeded) {
        const uint64_t shortest = period / 50;  // longer than handling a tick
        return now + shortest + state.random.below(period / longest_part - shortest);
    }
    return tick + period > now ? tick + period : now + period;
}

}  // namespace

void set_tick_seed(uint64_t seed, Pace pace) {
    seeded = true;
    longest_part = pace == Pace::kOften ? 10 : 1;
    for (unsigned i = 0; i < arch::kMaxCpus; i++) states[i].random = lib::Random{seed + i};
}

void start_ticks(arch::Cpu& cpu) {
    State& state = states[cpu.index];
    state.ticks = true;
    state.next_tick = tick_after(state, arch::read_clock());
    strike_by(cpu, state.next_tick);
}

void stop_ticks(arch::Cpu& cpu) { states[cpu.index].ticks = false; }

bool is_tick_due(const arch::Cpu& cpu) { return arch::read_clock() >= states[cpu.index].next_tick; }

uint64_t next_deadline(uint64_t previous) {
    const arch::Cpu& cpu = *arch::this_cpu();
    State& state = states[cpu.index];
    if (!state.ticks || state.is_paused) {
        state.next_tick = kNever;
    } else if (previous >= state.next_tick || arch::read_clock() >= state.next_tick) {
        state.next_tick = tick_after(state, state.next_tick);
    }
    const uint64_t timer = earliest_timer(cpu);
    state.armed_for = timer < state.next_tick ? timer : state.next_tick;
    return state.armed_for;
}

void strike_by(arch::Cpu& cpu, uint64_t deadline) {
    State& state = states[cpu.index];
    if (deadline >= state.armed_for) return;
    state.armed_for = deadline;
    cpu.next_deadline = deadline;
    arch::set_timer(deadline);
}

void end_slice_by(arch::Cpu& cpu, uint64_t deadline) {
    if (states[cpu.index].ticks) strike_by(cpu, deadline);
}

// Pausing costs nothing, as CPUs are often idle for less than a period.
void pause_ticks(arch::Cpu& cpu) { states[cpu.index].is_paused = true; }

void resume_ticks(arch::Cpu& cpu) {
    State& state = states[cpu.index];
    state.is_paused = false;
    if (!state.ticks || state.next_tick != kNever) return;
    state.next_tick = tick_after(state, arch::read_clock());
    strike_by(cpu, state.next_tick);
}

}  // namespace time
