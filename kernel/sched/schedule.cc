// Contract: sched/schedule.h.
#include "sched/schedule.h"

#include <linux/resource.h>
#include <linux/sched.h>

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/current.h"
#include "core/process.h"
#include "mm/shootdown.h"
#include "sched/scheduler.h"

namespace sched {

bool may_schedule(const core::Thread& thread) {
    const core::Credentials& self = core::current().credentials;
    const core::Credentials& theirs = thread.credentials;
    return self.is_privileged() || self.euid == theirs.uid || self.euid == theirs.euid;
}

bool may_have_nice(const core::Thread& thread, int nice) {
    if (core::current().credentials.is_privileged() || nice >= thread.sched.nice) return true;
    return static_cast<uint64_t>(20 - nice) <= thread.process->limits.soft(RLIMIT_NICE);
}

ThreadState state_of(core::Thread& thread) {
    const QueueGuard queue(thread.sched);
    return thread.sched.state;
}

void copy_schedule(const core::Thread& parent, core::Thread& child) {
    child.sched.virtual_time = parent.sched.virtual_time;
    child.sched.affinity.store(parent.sched.affinity.load());
    child.sched.nice = parent.sched.nice;
    child.sched.policy = parent.sched.policy;
    if (!parent.sched.resets_on_fork) return;
    child.sched.policy = SCHED_NORMAL;
    if (child.sched.nice < 0) child.sched.nice = 0;
}

void set_nice(core::Thread& thread, int nice) {
    const QueueGuard queue(thread.sched);
    thread.sched.nice = nice;
}

void set_policy(core::Thread& thread, int policy) {
    const QueueGuard queue(thread.sched);
    thread.sched.policy = policy;
}

namespace {

// The CPU, as a set, that runs this thread and is not the caller's. Context: the thread's queue is locked.
CpuSet other_cpu_of(const ThreadPart& thread) {
    const uint32_t cpu = thread.cpu.load();
    const bool runs = thread.state == ThreadState::kRunning;
    return runs && cpu != arch::this_cpu()->index ? lib::set_of(cpu) : 0;
}

// A thread that waits in the queue of a CPU that it must leave moves at once; one that runs there when it
// goes back to user mode; one that is preempted in the kernel stays until then, and one that is between two
// queues is looked at again when it comes to the second (make_ready, steal). Returns the CPU that may still
// be in the thread's program, as a set.
CpuSet change_affinity(core::Thread& thread, CpuSet cpus) NO_THREAD_SAFETY_ANALYSIS {
    ThreadPart& part = thread.sched;
    QueueGuard queue(part);
    part.affinity.store(cpus);
    if (may_use(part, part.cpu.load())) return 0;
    if (part.ready_node.is_linked() && !part.stays) {
        queue->remove(part);
        make_ready(queue.hand_over(), part);
        return 0;
    }
    thread.request(core::Work::kReschedule);
    return other_cpu_of(part);
}

}  // namespace

void set_affinity(core::Thread& thread, CpuSet cpus) {
    mm::call_into_kernel(change_affinity(thread, cpus));
}

void request_now(core::Thread& thread, core::Work what) {
    const QueueGuard queue(thread.sched);
    thread.request(what);
    if (other_cpu_of(thread.sched) == 0) return;
    arch::send_ipi(arch::cpu_blocks[thread.sched.cpu.load()]);
}

namespace {

enum class Turn : uint8_t { kNow, kNext };

// Effect: the program that has its turn on `cpu`, or will have it next, reports itself soon; false: there is
// none. The queue's lock keeps its thread from ending.
bool request_report_of(uint32_t cpu, Turn turn) NO_THREAD_SAFETY_ANALYSIS {
    if (!arch::cpu_blocks[cpu].is_online() || run_queues[cpu] == nullptr) return false;
    RunQueue& queue = *run_queues[cpu];
    queue.lock.acquire();
    core::Thread* thread = arch::cpu_blocks[cpu].running;
    if (turn == Turn::kNext) thread = queue.first() != nullptr ? queue.first()->thread : nullptr;
    const bool is_program = thread != nullptr && thread->process != nullptr;
    if (is_program) thread->request(core::Work::kStatusReport);
    queue.lock.release();
    const bool needs_telling = turn == Turn::kNow && cpu != arch::this_cpu()->index;
    if (is_program && needs_telling) arch::send_ipi(arch::cpu_blocks[cpu]);
    return is_program;
}

}  // namespace

// A thread of the kernel may have come before the only program, for a key that was pressed before this one.
void request_status_report() {
    const arch::InterruptGuard interrupts;
    for (const Turn turn : {Turn::kNow, Turn::kNext}) {
        for (uint32_t cpu = 0; cpu < arch::cpu_count(); cpu++) {
            if (request_report_of(cpu, turn)) return;
        }
    }
}

}  // namespace sched
