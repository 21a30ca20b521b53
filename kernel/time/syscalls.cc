// Asking the clocks: clock_gettime(2), clock_getres(2).
#include "core/current.h"
#include "entry/syscall.h"
#include "mm/user_memory.h"
#include "task/door.h"
#include "time/clocks.h"

namespace time {

namespace {

bool is_clock(int clock) {
    return (clock >= CLOCK_REALTIME && clock <= CLOCK_BOOTTIME_ALARM) || clock == CLOCK_TAI;
}

}  // namespace

uint64_t read_clock(int clock) {
    switch (clock) {
        case CLOCK_REALTIME:
        case CLOCK_REALTIME_COARSE:
        case CLOCK_REALTIME_ALARM:
        case CLOCK_TAI: return core::realtime_ns();  // no leap seconds are known
        case CLOCK_PROCESS_CPUTIME_ID: return task::process_time_ns(core::current());
        case CLOCK_THREAD_CPUTIME_ID: return sched::thread_time_ns(core::current());
        default: return core::now_ns();
    }
}

SYSCALL(clock_gettime, int clock, mm::UserPtr<__kernel_timespec> result) {
    if (!is_clock(clock)) return Errno{EINVAL};
    TRY(result.write(to_timespec(read_clock(clock))));
    return 0;
}

SYSCALL(clock_getres, int clock, mm::UserPtr<__kernel_timespec> result) {
    if (!is_clock(clock)) return Errno{EINVAL};
    if (!result.is_null()) TRY(result.write(to_timespec(1)));
    return 0;
}

}  // namespace time
