// Contract: task/family.h.
#include "task/family.h"

#include "arch/memory.h"
#include "core/clock.h"
#include "core/current.h"
#include "lib/make.h"
#include "mm/frames.h"
#include "sched/scheduler.h"
#include "task/times.h"

namespace task {

constinit sync::SpinLock family_lock{sync::LockRank::kFamily};
constinit PidTable pids;

namespace {

core::Process* the_first = nullptr;  // set once, by the boot
constinit unsigned threads GUARDED_BY(family_lock) = 0;
constinit uint64_t forks GUARDED_BY(family_lock) = 0;

void use(PidEntry*& place, PidEntry& entry) REQUIRES(family_lock) {
    entry.users++;
    place = &entry;
}

void let_go(PidEntry*& place) REQUIRES(family_lock) {
    PidEntry* entry = std::exchange(place, nullptr);
    if (entry == nullptr || --entry->users != 0) return;
    pids.remove(*entry);
    delete entry;
}

void leave_group(ProcessPart& process) REQUIRES(family_lock) {
    if (process.group == nullptr) return;
    process.group->members.remove(process);
    let_go(process.group);
}

}  // namespace

// ---- the first process --------------------------------------------------------------------------------

Result<void> establish_family(core::Thread& thread) {
    auto entry = TRY(lib::make<PidEntry>());
    core::Process& process = *thread.process;
    sync::SpinGuard guard(family_lock);
    TRY(enter_family(process, thread, *entry, nullptr, nullptr));
    static_cast<void>(entry.release());
    the_first = &process;
    return {};
}

core::Process& first_process() { return *the_first; }

// ---- asking -------------------------------------------------------------------------------------------

core::Process* find_process(int pid) {
    PidEntry* entry = pids.find(pid);
    return entry != nullptr ? entry->process : nullptr;
}

core::Process* process_asked_for(int pid) {
    return pid == 0 ? &core::current_process() : find_process(pid);
}

core::Thread* thread_asked_for(int tid) {
    if (tid == 0) return &core::current();
    PidEntry* entry = pids.find(tid);
    return entry != nullptr ? entry->thread : nullptr;
}

Result<RefPtr<core::Process>> get_process(int pid) {
    sync::SpinGuard guard(family_lock);
    core::Process* process = process_asked_for(pid);
    if (process == nullptr) return Errno{ESRCH};
    return RefPtr<core::Process>(*process);
}

const core::Credentials& credentials_of(const core::Process& process) {
    const core::Thread* thread = process.task.thread;
    return thread != nullptr ? thread->credentials : process.credentials;
}

Usage usage_of(const core::Process& process) {
    Usage usage = process.task.used;
    for (const ThreadPart& part : process.task.threads) usage.add(usage_of_thread(*part.thread));
    return usage;
}

int parent_pid(const core::Process& process) {
    const ProcessPart* parent = process.task.parent;
    return parent != nullptr ? parent->process->pid : 0;
}

unsigned count_threads() { return threads; }
uint64_t count_forks() { return forks; }

// As many as fill half of memory with their kernel stacks, page tables and a few pages of their own. (Linux
// counts with an eighth of memory.)
unsigned most_threads() {
    constexpr uint64_t kBytesEach = 48 << 10;
    const uint64_t most = mm::count_frames().total * arch::kPageSize / 2 / kBytesEach;
    return most < 20 ? 20 : static_cast<unsigned>(most);
}

// ---- changing -----------------------------------------------------------------------------------------

Result<void> enter_family(core::Process& child, core::Thread& thread, PidEntry& entry,
                          ProcessPart* parent, const ProcessPart* like) {
    TRY(pids.add(entry));
    entry.process = &child;
    ProcessPart& part = child.task;
    child.pid = entry.number;
    part.process = &child;
    add_thread(part, thread, entry);
    part.state = ProcessState::kAlive;
    part.parent = parent;
    if (parent != nullptr) parent->children.push_back(part);
    use(part.pid, entry);
    use(part.session, like != nullptr ? *like->session : entry);
    join_group(part, like != nullptr ? *like->group : entry);
    part.started_ns = core::now_ns();
    forks++;
    return {};
}

void join_group(ProcessPart& process, PidEntry& group) {
    // The new one first: it may be the old one, which must not die in between.
    group.users++;
    leave_group(process);
    process.group = &group;
    group.members.push_back(process);
}

void establish_session(ProcessPart& process) {
    process.pid->users++;
    let_go(process.session);
    process.session = process.pid;
    join_group(process, *process.pid);
}

void add_thread(ProcessPart& process, core::Thread& thread, PidEntry& entry) {
    thread.tid = entry.number;
    thread.task.thread = &thread;
    thread.task.tid = &entry;
    entry.thread = &thread;
    process.threads.push_back(thread.task);
    if (process.thread == nullptr) process.thread = &thread;
    process.live++;
    threads++;
}

void remove_thread(core::Thread& thread) {
    ProcessPart& process = thread.process->task;
    std::exchange(thread.task.tid, nullptr)->thread = nullptr;
    process.threads.remove(thread.task);
    if (process.thread == &thread && !process.threads.empty()) {
        process.thread = process.threads.front()->thread;
    }
    threads--;
}

RefPtr<core::Process> bury(ProcessPart& zombie) {
    zombie.state = ProcessState::kReaped;
    zombie.parent = nullptr;
    zombie.sibling_link.unlink();
    leave_group(zombie);
    let_go(zombie.session);
    zombie.pid->process = nullptr;
    let_go(zombie.pid);
    return lib::adopt_ref(zombie.process);
}

}  // namespace task
