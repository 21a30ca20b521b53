// Contract: entry/boot.h.
#include "entry/boot.h"

#include "arch/cpu.h"
#include "entry/door.h"
#include "entry/fpu.h"
#include "entry/syscall.h"
#include "entry/tick.h"
#include "entry/trace.h"
#include "time/tick.h"

namespace entry {

namespace {
bool has_ticks = true;
}

void init(const dev::BootArgs& args) {
    init_system_calls();
    init_traces(args);
    if (args.has_seed) time::set_tick_seed(args.seed);
    if (args.fpu_noise) set_fpu_noise(args.seed);
    has_ticks = args.ticks;
    start_cpu_ticks();
}

void start_cpu_ticks() {
    if (has_ticks) start_ticks(*arch::this_cpu());
}

}  // namespace entry
