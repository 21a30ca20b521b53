// The clock calls: clock_gettime(2), clock_getres(2).
#include <linux/time.h>
#include <linux/time_types.h>

#include "core/clock.h"
#include "entry/syscall.h"
#include "mm/user_memory.h"

namespace time {

namespace {

// There is no battery clock: all clocks count from power-on. CPU clocks: one program has it all.
bool is_clock(int clock) { return clock >= CLOCK_REALTIME && clock <= CLOCK_BOOTTIME; }

__kernel_timespec to_timespec(uint64_t ns) {
    return {static_cast<long long>(ns / core::kNsPerSecond),
            static_cast<long long>(ns % core::kNsPerSecond)};
}

}  // namespace

SYSCALL(clock_gettime, int clock, mm::UserPtr<__kernel_timespec> result) {
    if (!is_clock(clock)) return Errno{EINVAL};
    TRY(result.write(to_timespec(core::now_ns())));
    return 0;
}

SYSCALL(clock_getres, int clock, mm::UserPtr<__kernel_timespec> result) {
    if (!is_clock(clock)) return Errno{EINVAL};
    if (!result.is_null()) TRY(result.write(to_timespec(1)));
    return 0;
}

}  // namespace time
