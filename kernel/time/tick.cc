// Periodic deadlines that do not drift, or seeded ones.
#include "time/tick.h"

#include "arch/cpu.h"
#include "core/clock.h"
#include "lib/random.h"

namespace time {

namespace {
bool seeded = false;
lib::Random random{0};
}  // namespace

void set_tick_seed(uint64_t seed) {
    seeded = true;
    random = lib::Random{seed};
}

uint64_t next_deadline(uint64_t previous) {
    const uint64_t now = arch::read_clock();
    const uint64_t period = core::clock_rate() / kTicksPerSecond;
    if (seeded) {
        // From a fiftieth of a period, which is longer than handling a tick, to a whole one.
        return now + period / 50 + random.below(period - period / 50);
    }
    const uint64_t deadline = previous + period;
    return deadline > now ? deadline : now + period;
}

}  // namespace time
