// Contract: sched/cpu_time.h.
#include "sched/cpu_time.h"

#include "core/clock.h"
#include "sched/door.h"
#include "sched/scheduler.h"

namespace sched {

namespace {

// Effect: divides a thread's time as the ticks have found it. Neither part ever goes back, though the ratio
// does: what was told before stays. Context: the lock of its queue is held.
CpuTime split_time(ThreadPart& thread, uint64_t whole) {
    const uint64_t ticks = thread.user_ticks + thread.system_ticks;
    uint64_t user = ticks == 0 ? 0 : whole / ticks * thread.user_ticks;
    const uint64_t most = whole - thread.told_system_ns;
    if (user > most) user = most;
    if (user < thread.told_user_ns) user = thread.told_user_ns;
    thread.told_user_ns = user;
    thread.told_system_ns = whole - user;
    return {user, whole - user};
}

}  // namespace

CpuTime cpu_time(core::Thread& thread) NO_THREAD_SAFETY_ANALYSIS {
    const QueueGuard queue(thread.sched);
    uint64_t whole = thread.sched.cpu_time_ns;
    if (thread.sched.state == ThreadState::kRunning) {
        whole += core::ticks_to_ns(arch::read_clock() - queue->switched_at);
    }
    return split_time(thread.sched, whole);
}

uint64_t thread_time_ns(core::Thread& thread) {
    const CpuTime time = cpu_time(thread);
    return time.user_ns + time.system_ns;
}

}  // namespace sched
