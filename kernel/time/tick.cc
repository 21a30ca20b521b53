// Periodic deadlines that do not drift, or seeded ones.
#include "time/tick.h"

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/clock.h"
#include "lib/random.h"

namespace time {

namespace {
bool seeded = false;

struct Draw {
    lib::Random random{0};
};
constinit Draw draws[arch::kMaxCpus];  // each CPU has its own, used with interrupts off
}  // namespace

void set_tick_seed(uint64_t seed) {
    seeded = true;
    for (unsigned i = 0; i < arch::kMaxCpus; i++) draws[i].random = lib::Random{seed + i};
}

uint64_t next_deadline(uint64_t previous) {
    const uint64_t now = arch::read_clock();
    const uint64_t period = core::clock_rate() / kTicksPerSecond;
    if (seeded) {
        // From a fiftieth of a period, which is longer than handling a tick, to a whole one.
        lib::Random& random = draws[arch::this_cpu()->index].random;
        return now + period / 50 + random.below(period - period / 50);
    }
    const uint64_t deadline = previous + period;
    return deadline > now ? deadline : now + period;
}

}  // namespace time
