// Contract: entry/boot.h.
#include "entry/boot.h"

#include "arch/cpu.h"
#include "core/log.h"
#include "entry/door.h"
#include "entry/fpu.h"
#include "entry/syscall.h"
#include "entry/tick.h"
#include "entry/trace.h"
#include "sync/preempt.h"
#include "time/tick.h"

namespace entry {

namespace {
bool has_ticks = true;

// Ticks that come often switch threads between two scheduling points, too.
void begin_switch_noise(uint64_t seed) {
    if (!sync::kCanDrawSwitches) core::log("cairn: noise=switch means ticks only: a release build");
    sync::begin_to_draw_switches(seed);
    time::set_tick_seed(seed, time::Pace::kOften);
}

}  // namespace

void init(const dev::BootArgs& args) {
    init_system_calls();
    init_traces(args);
    if (args.has_seed) time::set_tick_seed(args.seed);
    if (args.switch_noise) begin_switch_noise(args.seed);
    if (args.fpu_noise) set_fpu_noise(args.seed);
    has_ticks = args.ticks;
    start_cpu_ticks();
}

void start_cpu_ticks() {
    if (has_ticks) start_ticks(*arch::this_cpu());
}

}  // namespace entry
