// Contract: task/schedule.h.
#include "task/schedule.h"

#include <linux/resource.h>
#include <linux/sched.h>

#include "core/current.h"
#include "core/process.h"
#include "task/scheduler.h"

namespace task {

bool may_schedule(const core::Thread& thread) {
    const core::Credentials& self = core::current().credentials;
    const core::Credentials& theirs = thread.credentials;
    return self.is_privileged() || self.euid == theirs.uid || self.euid == theirs.euid;
}

bool may_have_nice(const core::Thread& thread, int nice) {
    if (core::current().credentials.is_privileged() || nice >= thread.task.nice) return true;
    return static_cast<uint64_t>(20 - nice) <= thread.process->limits.soft(RLIMIT_NICE);
}

ThreadState state_of(core::Thread& thread) {
    const QueueGuard queue(thread.task);
    return thread.task.state;
}

void copy_schedule(const core::Thread& parent, core::Thread& child) {
    child.task.virtual_time = parent.task.virtual_time;
    child.task.affinity = parent.task.affinity;
    child.task.nice = parent.task.nice;
    child.task.policy = parent.task.policy;
    if (!parent.task.resets_on_fork) return;
    child.task.policy = SCHED_NORMAL;
    if (child.task.nice < 0) child.task.nice = 0;
}

void set_nice(core::Thread& thread, int nice) {
    const QueueGuard queue(thread.task);
    thread.task.nice = nice;
}

void set_policy(core::Thread& thread, int policy) {
    const QueueGuard queue(thread.task);
    thread.task.policy = policy;
}

// A thread that waits in the queue of a CPU that it must leave moves at once; one that runs there when it
// goes back to user mode; one that is preempted in the kernel stays until then.
void set_affinity(core::Thread& thread, CpuSet cpus) NO_THREAD_SAFETY_ANALYSIS {
    ThreadPart& part = thread.task;
    QueueGuard queue(part);
    part.affinity = cpus;
    const bool may_stay = (cpus >> part.cpu.load() & 1) != 0;
    if (may_stay) return;
    if (part.ready_node.is_linked() && !part.stays) {
        queue->remove(part);
        make_ready(queue.hand_over(), part);
    } else {
        thread.request(core::Work::kReschedule);
    }
}

}  // namespace task
