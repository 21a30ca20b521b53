// Contract: sched/scheduler.h and task/door.h.
//
// A switch, seen from the side that goes:          … and from the side that comes:
//
//     locks its CPU's run queue
//     sets its state, enters itself again
//     picks the next, switch_context  ──────►  arrive(): its registers, the lock back, frees who ended
//                                              returns from its own switch_away, or begins (begin_thread)
//
// So the lock goes from hand to hand: no other CPU can run or wake a thread before its context is stored.
#include "sched/scheduler.h"

#include "arch/cpu.h"
#include "arch/kernel_context.h"
#include "core/clock.h"
#include "core/current.h"
#include "core/fpu.h"
#include "core/panic.h"
#include "core/timeline.h"
#include "entry/door.h"
#include "lib/make.h"
#include "mm/address_space.h"
#include "sched/kernel_stack.h"
#include "sched/timeline.h"
#include "time/tick.h"

namespace sched {

constinit RunQueue* run_queues[arch::kMaxCpus] = {};

namespace {

lib::Atomic<CpuSet> scheduling_cpus{0};  // that have a run queue
lib::Atomic<CpuSet> idle_cpus{0};        // of those, the ones that run nothing

// The lowest CPU of a set that is not empty.
uint32_t first_of(CpuSet cpus) {
    ASSERT(cpus != 0);
    uint32_t cpu = 0;
    while ((cpus >> cpu & 1) == 0) cpu++;
    return cpu;
}

RunQueue& queue_here() { return *run_queues[arch::this_cpu()->index]; }

RunQueue& lock_queue_here() NO_THREAD_SAFETY_ANALYSIS {
    RunQueue& queue = queue_here();
    queue.lock.acquire();
    return queue;
}

// The same if somebody waits for this CPU; null if nobody does.
RunQueue* lock_if_somebody_waits() {
    return queue_here().length() == 0 ? nullptr : &lock_queue_here();
}

// A thread that comes in has its turn at once if it is behind the one that runs by more than the patience;
// else that one runs on for a slice at most. A new or woken thread is never behind by more than the credit.
// Of two threads that compute, one has two slices in a row at worst, when their times are nearly equal.
constexpr uint64_t kPatienceNs = 1'000'000;
constexpr uint64_t kCreditNs = 2'000'000;
constexpr uint64_t kSliceNs = 1'500'000;

uint64_t slice_ticks = 0;  // kSliceNs, in clock ticks

// Effect: this CPU looks at its queue again when a slice that begins now is over. Context: interrupts off.
void end_slice_in_time(uint64_t now) { time::end_slice_by(*arch::this_cpu(), now + slice_ticks); }

// ---- the way out and in -------------------------------------------------------------

// What of a program stays in the CPU while the kernel runs.
void store_user_state(core::Thread& thread) {
    if (thread.process == nullptr) return;
    arch::save_resident_registers(thread.user);
    core::fpu_to_memory(thread);
}

void load_user_state(core::Thread& thread) {
    if (thread.process == nullptr) return;
    arch::load_resident_registers(thread.user);
    core::fpu_to_registers(thread);
}

// Effect: the first thing that a thread does when it has its turn. Context: interrupts off.
void arrive() NO_THREAD_SAFETY_ANALYSIS {
    RunQueue& queue = queue_here();
    arch::this_cpu()->preemption_is_due = false;
    load_user_state(*arch::this_cpu()->running);
    core::Thread* left = std::exchange(queue.left, nullptr);
    const bool has_ended = left != nullptr && left->sched.state == ThreadState::kEnded;
    queue.lock.release();
    if (has_ended) {
        discard_thread(*left);
    } else if (left != nullptr) {
        make_ready(lock_queue_of(left->sched), left->sched);
    }
}

// Where the context of a new thread begins.
void begin_thread() {
    arrive();
    arch::enable_interrupts();
    core::Thread& self = *arch::this_cpu()->running;
    self.sched.entry();
    PANIC("the entry of thread {} has returned", self.tid);
}

void switch_memory(core::Thread& from, core::Thread& to) {
    if (from.memory.space == to.memory.space) return;
    if (to.memory.space != nullptr) to.memory.space->enter();
    if (from.memory.space != nullptr) {
        to.memory.space != nullptr ? from.memory.space->left() : from.memory.space->leave();
    }
}

// Effect: how long the thread that runs has run until now is added to its times.
void charge_running(RunQueue& queue, core::Thread& thread, uint64_t now) REQUIRES(queue.lock) {
    RunQueue::charge(thread.sched, core::ticks_to_ns(now - queue.switched_at));
    queue.switched_at = now;
}

}  // namespace

// A thread that moves between two queues belongs to the second one as soon as its CPU is written. The mover
// writes it last, so this CPU then also sees everything else that the mover did under the first lock.
RunQueue& lock_queue_of(ThreadPart& thread) NO_THREAD_SAFETY_ANALYSIS {
    for (;;) {
        const uint32_t cpu = thread.cpu.load(lib::Order::kRelaxed);
        RunQueue& queue = *run_queues[cpu];
        queue.lock.acquire();
        if (thread.cpu.load(lib::Order::kAcquire) == cpu) return queue;
        queue.lock.release();
    }
}

namespace {

// Effect: the thread that runs waits for its next turn, unless it sleeps or ends. One that may not use
// this CPU any more goes to another once it is off its stack (arrive).
void put_back(RunQueue& queue, core::Thread& thread) REQUIRES(queue.lock) {
    ThreadPart& part = thread.sched;
    if (part.state == ThreadState::kEnded) queue.left = &thread;
    if (part.state != ThreadState::kRunning || &thread == queue.idle_thread) return;
    part.state = ThreadState::kReady;
    if (part.stays || may_use(part, part.cpu.load())) {
        queue.enqueue(part);
    } else {
        queue.left = &thread;
    }
}

}  // namespace

void switch_away(RunQueue& queue) NO_THREAD_SAFETY_ANALYSIS {
    arch::Cpu& cpu = *arch::this_cpu();
    core::Thread& previous = *cpu.running;
    if (cpu.preempt_count != 1) PANIC("thread {} sleeps with a spinlock held", previous.tid);
    const uint64_t now = arch::read_clock();
    charge_running(queue, previous, now);
    put_back(queue, previous);
    ThreadPart* picked = queue.pick_next();
    core::Thread& next = picked != nullptr ? *picked->thread : *queue.idle_thread;
    next.sched.state = ThreadState::kRunning;
    if (queue.length() != 0) end_slice_in_time(now);
    if (&next == &previous) return queue.lock.release();
    if (core::timeline_is_on) [[unlikely]]
        record_switch(previous, next);
    if (&previous == queue.idle_thread) {
        idle_cpus.fetch_and(~lib::set_of(cpu.index));
        time::resume_ticks(cpu);
    }
    lib::count(queue.switches);
    store_user_state(previous);
    switch_memory(previous, next);
    cpu.running = &next;
    cpu.stack_low = next.sched.stack_low;
    arch::switch_context(previous.kernel, next.kernel);
    arrive();
}

// ---- making ready -------------------------------------------------------------

namespace {

// The CPU where a thread has its turn soonest: its own if that has nothing to do, another idle one, or its
// own after all, where its data may still be in the caches.
uint32_t best_cpu(const ThreadPart& thread) {
    const uint32_t own = thread.cpu.load(lib::Order::kRelaxed);
    const CpuSet allowed = thread.affinity.load();
    const CpuSet idle = idle_cpus.load(lib::Order::kRelaxed) & allowed;
    if ((idle >> own & 1) != 0 || (idle == 0 && (allowed >> own & 1) != 0)) return own;
    return first_of(idle != 0 ? idle : allowed & scheduling_cpus.load());
}

// Effect: `thread` waits for its turn on the CPU of `queue`, which looks at its queue soon if `thread` is
// better than the one that runs.
void put_in(uint32_t index, RunQueue& queue, ThreadPart& thread) REQUIRES(queue.lock) {
    arch::Cpu& cpu = arch::cpu_blocks[index];
    core::Thread& running = *cpu.running;
    const bool is_busy = &running != queue.idle_thread;
    const uint64_t now = arch::read_clock();
    uint64_t used = running.sched.virtual_time;
    if (is_busy) {
        used += core::ticks_to_ns(now - queue.switched_at);
        if (used > kCreditNs) queue.raise_least(used - kCreditNs);
    }
    queue.enqueue(thread);
    if (is_busy && thread.virtual_time + kPatienceNs > used) {
        if (&cpu == arch::this_cpu()) end_slice_in_time(now);
        return;
    }
    running.request(core::Work::kReschedule);
    if (&cpu != arch::this_cpu()) arch::send_ipi(cpu);
}

}  // namespace

// Between the two queues the thread is kReady and in neither: whoever wakes it then has nothing to do. If its
// CPUs are changed then, so that it came to a wrong one, it goes on to the next.
void make_ready(RunQueue& queue, ThreadPart& thread) NO_THREAD_SAFETY_ANALYSIS {
    const ThreadState before = thread.state;
    thread.state = ThreadState::kReady;
    RunQueue* target = &queue;
    uint32_t best = best_cpu(thread);
    while (best != thread.cpu.load(lib::Order::kRelaxed)) {
        target->make_time_relative(thread);
        thread.cpu.store(best);
        target->lock.release();
        target = run_queues[best];
        target->lock.acquire();
        target->make_time_absolute(thread);
        if (!may_use(thread, best)) best = best_cpu(thread);
    }
    if (core::timeline_is_on) [[unlikely]]
        record_ready(*thread.thread, before, best);
    put_in(best, *target, thread);
    target->lock.release();
}

void start_thread(core::Thread& thread) {
    arch::InterruptGuard interrupts;
    make_ready(lock_queue_of(thread.sched), thread.sched);
}

// ---- giving the CPU away ---------------------------------------------------------------------------------

void give_way(core::Thread&) {
    arch::InterruptGuard interrupts;
    switch_away(lock_queue_here());
}

namespace {

// Effect: switches in the middle of the thread's work in the kernel. The thread may have cached per-CPU data,
// so it resumes on the same CPU. The lock is given back.
void preempt(RunQueue& queue, core::Thread& running) {
    running.sched.stays = true;
    switch_away(queue);
    running.sched.stays = false;
}

}  // namespace

void preempt_kernel(arch::Cpu& cpu) {
    core::Thread& running = *cpu.running;
    cpu.preemption_is_due = false;
    if (!core::asks(running.work.load(lib::Order::kRelaxed), core::Work::kReschedule)) return;
    if (cpu.preempt_count != 0) {
        cpu.preemption_is_due = true;
        return;
    }
    running.work.fetch_and(~static_cast<uint32_t>(core::Work::kReschedule));
    // In the kernel it stays, so the request to leave this CPU is still to be met (set_affinity).
    if (!may_use(running.sched, cpu.index)) running.request(core::Work::kReschedule);
    if (RunQueue* queue = lock_if_somebody_waits()) preempt(*queue, running);
}

namespace {

// Effect: a thread that runs is not before whoever has the next turn.
void stand_behind_first(RunQueue& queue, ThreadPart& thread) REQUIRES(queue.lock) {
    const ThreadPart* first = queue.first();
    if (first == nullptr || thread.virtual_time >= first->virtual_time) return;
    thread.virtual_time = first->virtual_time;
}

}  // namespace

void yield() NO_THREAD_SAFETY_ANALYSIS {
    arch::InterruptGuard interrupts;
    RunQueue& queue = lock_queue_here();
    stand_behind_first(queue, core::current().sched);
    switch_away(queue);
}

}  // namespace sched

void sync::let_others_run() NO_THREAD_SAFETY_ANALYSIS {
    using namespace sched;
    core::Thread* running = arch::this_cpu()->running;
    if (running == nullptr) return;
    RunQueue* queue = lock_if_somebody_waits();
    if (queue == nullptr) return;
    stand_behind_first(*queue, running->sched);
    preempt(*queue, *running);
}

namespace sched {

void end_thread() {
    arch::disable_interrupts();
    core::Thread& self = core::current();
    RunQueue& queue = lock_queue_here();
    self.sched.state = ThreadState::kEnded;
    switch_away(queue);
    PANIC("thread {} runs after its end", self.tid);
}

// ---- a CPU without work -----------------------------------------------------------------

namespace {

// Effect: takes a thread that waits for another CPU over to this one; false if there is none.
bool steal() NO_THREAD_SAFETY_ANALYSIS {
    const uint32_t here = arch::this_cpu()->index;
    for (uint32_t i = 1; i < arch::cpu_count(); i++) {
        const uint32_t other = (here + i) % arch::cpu_count();
        if ((scheduling_cpus.load() >> other & 1) == 0 || run_queues[other]->length() == 0)
            continue;
        RunQueue& victim = *run_queues[other];
        victim.lock.acquire();
        ThreadPart* thread = victim.find_for(here);
        if (thread != nullptr) {
            victim.remove(*thread);
            victim.make_time_relative(*thread);
            thread->cpu.store(here);
        }
        victim.lock.release();
        if (thread == nullptr) continue;
        RunQueue& queue = lock_queue_here();
        queue.make_time_absolute(*thread);
        if (may_use(*thread, here)) {
            queue.enqueue(*thread);
            queue.lock.release();
            return true;
        }
        make_ready(queue, *thread);  // its CPUs were changed on the way
    }
    return false;
}

}  // namespace

// Interrupts are off from looking for work to waiting: a wake-up in between comes with an interrupt, which
// ends the wait.
void idle() {
    const RunQueue& queue = queue_here();
    arch::disable_interrupts();
    if (arch::this_cpu()->index != 0) entry::start_cpu_ticks();  // the boot has started its own
    for (;;) {
        arch::disable_interrupts();
        idle_cpus.fetch_or(lib::set_of(arch::this_cpu()->index));
        if (queue.length() != 0 || steal()) {
            switch_away(lock_queue_here());
        } else {
            time::pause_ticks(*arch::this_cpu());
            arch::wait_for_interrupt();
        }
        arch::enable_interrupts();
    }
}

// ---- threads -------------------------------------------------------------

Result<core::Thread*> make_thread(RefPtr<core::Process> process, void (*entry)()) {
    UniquePtr<core::Thread> thread = TRY(lib::make<core::Thread>());
    thread->sched.stack_low = TRY(allocate_kernel_stack());
    thread->process = process.release();
    thread->sched.thread = thread.get();
    thread->sched.entry = entry;
    thread->sched.cpu.store(arch::this_cpu()->index);
    arch::make_context(thread->kernel, thread->sched.stack_low + arch::kKernelStackSize,
                       begin_thread);
    return thread.release();
}

void discard_thread(core::Thread& thread) {
    free_kernel_stack(thread.sched.stack_low);
    const RefPtr<core::Process> process = lib::adopt_ref(thread.process);
    delete &thread;
}

void init_cpu() {
    arch::Cpu& cpu = *arch::this_cpu();
    RunQueue& queue = *MUST(lib::make<RunQueue>()).release();
    core::Thread& thread = *MUST(lib::make<core::Thread>()).release();
    thread.tid = 0;
    thread.name = "idle";
    thread.sched.thread = &thread;
    thread.sched.state = ThreadState::kRunning;
    thread.sched.cpu.store(cpu.index);
    thread.sched.stack_low = cpu.stack_low;
    queue.idle_thread = &thread;
    queue.begin(arch::read_clock());
    slice_ticks = core::ns_to_ticks(kSliceNs);
    run_queues[cpu.index] = &queue;
    cpu.running = &thread;
    scheduling_cpus.fetch_or(lib::set_of(cpu.index));
    if (core::timeline_is_on) begin_timeline(cpu.index);
}

}  // namespace sched
