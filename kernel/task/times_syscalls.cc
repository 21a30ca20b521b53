// getrusage(2), times(2).
#include <linux/times.h>

#include "core/clock.h"
#include "core/current.h"
#include "entry/syscall.h"
#include "mm/user_memory.h"
#include "task/family.h"
#include "task/times.h"

namespace task {

namespace {

long in_ticks(uint64_t ns) { return static_cast<long>(ns / sched::kNsPerTick); }

}  // namespace

SYSCALL(getrusage, int who, mm::UserPtr<rusage> result) {
    constexpr int kThread = 1;  // RUSAGE_THREAD
    Usage usage;
    switch (who) {
        case RUSAGE_SELF: {
            sync::SpinGuard guard(family_lock);
            usage = usage_of(core::current_process());
            break;
        }
        case RUSAGE_CHILDREN: {
            sync::SpinGuard guard(family_lock);
            usage = core::current_process().task.used_by_reaped;
            break;
        }
        case kThread: usage = usage_of_thread(core::current()); break;
        default: return Errno{EINVAL};
    }
    TRY(result.write(as_rusage(usage)));
    return 0;
}

// The result counts from some moment in the past: here from boot.
SYSCALL(times, mm::UserPtr<tms> result) {
    if (!result.is_null()) {
        Usage own, childrens;
        {
            sync::SpinGuard guard(family_lock);
            own = usage_of(core::current_process());
            childrens = core::current_process().task.used_by_reaped;
        }
        TRY(result.write({in_ticks(own.user_ns), in_ticks(own.system_ns),
                          in_ticks(childrens.user_ns), in_ticks(childrens.system_ns)}));
    }
    return in_ticks(core::now_ns());
}

}  // namespace task
