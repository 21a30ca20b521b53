// How a process ends: what it had goes back first, while nobody but it can see that; then, at one stroke,
// its children have another parent and it is a zombie; its kernel stack is the next thread's to free
// (end_thread). Contract: task/exit.h, task/door.h.
#include "task/exit.h"

#include <asm/signal.h>

#include <cstring>

#include "arch/cpu.h"
#include "core/clock.h"
#include "core/current.h"
#include "core/log.h"
#include "core/status.h"
#include "core/timeline.h"
#include "exec/door.h"
#include "fs/door.h"
#include "futex/door.h"
#include "lib/todo.h"
#include "mm/door.h"
#include "mm/user_memory.h"
#include "sched/scheduler.h"
#include "sched/timeline.h"
#include "signal/door.h"
#include "task/carried.h"
#include "task/times.h"

namespace task {

namespace {

// Whoever ends the machine waits here for the others' ends.
sync::WaitQueue somebody_ended;
constinit bool machine_ends GUARDED_BY(family_lock) = false;

constexpr uint64_t kPatienceNs = 2'000'000'000;

}  // namespace

ProcessPart& heir_of(const ProcessPart& process) {
    for (ProcessPart* above = process.parent; above != nullptr; above = above->parent) {
        if (above->is_subreaper && above->state == ProcessState::kAlive) return *above;
    }
    return first_process().task;
}

void notify(ProcessPart& target, int signal) {
    if (signal != 0 && target.state == ProcessState::kAlive) signal::send(*target.process, signal);
}

void tell_parent(ProcessPart& zombie) {
    core::Process& parent = *zombie.parent->process;
    const int signal = zombie.exit_signal;
    const bool nobody_waits = signal == SIGCHLD && signal::ignores(parent, SIGCHLD);
    notify(parent.task, signal);
    parent.task.children_changed.wake_all();
    if (nobody_waits) static_cast<void>(bury(zombie));
}

// hand_over_children: each child, alive or a zombie, has the heir as its parent from now on, stands in the
// heir's list of the same kind, and has SIGCHLD as its exit signal, as Linux has it. Living ones get their
// parent_death_signal (notify); of zombies the new parent is told (tell_parent).
//
// become_zombie: the process moves from its parent's children to its zombies and keeps `status`; nobody
// finds its thread any more. Then its parent is told, and whoever waits for `changed` looks again.
//
// ROOM processes.6 begin: orphans and zombies
static void hand_over_children(ProcessPart& self) REQUIRES(family_lock) {
    ProcessPart& heir = heir_of(self);
    while (ProcessPart* child = self.children.pop_front()) {
        child->parent = &heir;
        child->exit_signal = SIGCHLD;
        heir.children.push_back(*child);
        notify(*child, child->parent_death_signal);
    }
    while (ProcessPart* zombie = self.zombies.pop_front()) {
        zombie->parent = &heir;
        zombie->exit_signal = SIGCHLD;
        heir.zombies.push_back(*zombie);
        tell_parent(*zombie);
    }
}

static void become_zombie(ProcessPart& self, int status) REQUIRES(family_lock) {
    self.state = ProcessState::kZombie;
    self.status = status;
    self.thread = nullptr;
    self.parent->children.remove(self);
    self.parent->zombies.push_back(self);
    self.changed.wake_all();
    tell_parent(self);
}
// ROOM processes.6 end

namespace {

// What /proc and wait still tell of a zombie.
void keep_for_wait(core::Process& process, core::Thread& thread) REQUIRES(family_lock) {
    process.credentials = thread.credentials;
    process.task.used.add(usage_of_thread(thread));
    process.task.nice = thread.sched.nice;
    memcpy(process.task.name, thread.task.life.name, sizeof(process.task.name));
}

// When the machine ends nobody waits for anybody any more.
void leave_for_good(ProcessPart& process) REQUIRES(family_lock) {
    process.thread = nullptr;
    process.state = ProcessState::kZombie;
}

// Effect: the thread that runs is about to end; true: it is the last of its process to do so.
bool begin_to_end(core::Process& process) {
    sync::SpinGuard guard(family_lock);
    return --process.task.live == 0;
}

// Effect: what a thread has of its process goes back. Context: nothing is held.
void leave_process(core::Thread& thread) {
    futex::release_robust_list(thread);
    clear_child_tid(thread);
    mm::drop_memory(thread);
    fs::drop_files(thread);
}

// Effect: the process has no threads any more and becomes a zombie.
void end_process(core::Process& process, int status) REQUIRES(family_lock) {
    if (machine_ends) {
        leave_for_good(process.task);
    } else {
        hand_over_children(process.task);
        become_zombie(process.task, status);
    }
}

[[noreturn]] void end_first(core::Thread& thread, int status) {
    if (was_killed(status)) {
        end_machine(thread, static_cast<uint8_t>(core::kStatusKilledBase + status));
    }
    status >>= 8;
    core::log("cairn: {} exited with status {}", thread.name, status);
    const bool fits = status <= core::kStatusLargestExit;
    end_machine(thread, fits ? static_cast<uint8_t>(status) : core::kStatusLargestExit);
}

}  // namespace

void exit_process(core::Thread& thread, int status) {
    core::Process& process = *thread.process;
    if (is_first(process)) end_first(thread, status);
    const bool is_last = begin_to_end(process);
    leave_process(thread);
    if (is_last) {
        give_memory_back(process);
        exec::drop_program(process.exec);
        signal::drop_actions(process);
    }
    {
        sync::SpinGuard guard(family_lock);
        keep_for_wait(process, thread);
        remove_thread(thread);
        if (process.task.threads.empty()) end_process(process, status);
        somebody_ended.wake_all();
        // The parent would have its turn at once, and find its child's kernel stack still in use.
        arch::disable_interrupts();
    }
    sched::end_thread();
}

void give_memory_back(core::Process& process) {
    sync::SpinGuard guard(family_lock);
    process.task.borrows_memory = false;
    process.task.changed.wake_all();
}

// The address may be anything; nobody is told.
void clear_child_tid(core::Thread& thread) {
    const mm::UserPtr<int> place(std::exchange(thread.task.life.clear_child_tid, 0));
    if (!place.is_null() && mm::shares_memory(thread)) {
        static_cast<void>(place.write(0).has_value());
    }
}

void finish_execve(core::Thread& thread, lib::Text comm) {
    set_comm(thread, comm);
    signal::forget_handlers(*thread.process);
    carry_over_execve(thread);
    give_memory_back(*thread.process);
}

void set_comm(core::Thread& thread, lib::Text comm) {
    ThreadLife& life = thread.task.life;
    const size_t size = comm.size() < sizeof(life.name) - 1 ? comm.size() : sizeof(life.name) - 1;
    sync::SpinGuard guard(family_lock);
    memset(life.name, 0, sizeof(life.name));
    memcpy(life.name, comm.data(), size);
    if (core::timeline_is_on) [[unlikely]]
        sched::record_name(thread);
}

// ---- the end of everything ------------------------------------------------------------------------------

void end_machine(core::Thread& thread, uint8_t status) {
    {
        sync::SpinGuard guard(family_lock);
        // Of two who want this at the same time the second stays where it is.
        if (std::exchange(machine_ends, true)) {
            static_cast<void>(somebody_ended.wait_until(guard, sync::How::kUninterruptible,
                                                        sync::kNoDeadline, [] { return false; }));
        }
        for_each_process([&](core::Process& other) NO_THREAD_SAFETY_ANALYSIS {
            if (&other != thread.process) signal::force_kill(other);
        });
        // The first process cannot be killed: it ends with the machine.
        const unsigned left = is_first(*thread.process) ? 1 : 2;
        static_cast<void>(somebody_ended.wait_until(
            guard, sync::How::kUninterruptible, core::now_ns() + kPatienceNs,
            [&]() NO_THREAD_SAFETY_ANALYSIS { return count_threads() <= left; }));
    }
    arch::power_off(status);
}

void exit_program(core::Thread& thread, int status) { exit_process(thread, exited_with(status)); }

void end_program(core::Thread& thread, const Signal& signal) {
    exit_process(thread, killed_by(signal.number));
}

}  // namespace task
