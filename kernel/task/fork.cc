// A new process is made in steps, which new_child.h shows and provides: everything that may fail comes first,
// unseen by others; then the child gets a pid, by which it can be found; last it runs. Contract: task/fork.h.
#include "task/fork.h"

#include "core/process.h"
#include "lib/todo.h"
#include "sched/schedule.h"
#include "sched/scheduler.h"
#include "task/new_child.h"

namespace task {

// copy_thread: the child's thread goes on where the parent's is (`user`, `fpu`), with 0 as the call's result,
// on the stack that was asked for, and with CLONE_SETTLS its own thread pointer (EPERM: not on this CPU). It
// has the parent's name, credentials, life and share of the CPU (copy_schedule); CLONE_CHILD_SETTID and
// CLONE_CHILD_CLEARTID say where its tid shall be told (life). What the CPU still holds of the parent's
// registers must be saved first.
//
// make_child: makes, copies, publishes, and starts the child last. When publish has succeeded, others may
// find the child, but it does not run; when it has started, it may already be gone.
//
// ROOM processes.5 begin: copy a process
Result<void> copy_thread(core::Thread& parent, core::Thread& child, const CloneRequest& request) {
    save_live_registers(parent);
    child.user = parent.user;
    child.fpu = parent.fpu;
    child.user.set_result(0);
    if (request.stack != 0) child.user.set_sp(request.stack);
    if (request.asks(CLONE_SETTLS) && !child.user.set_thread_pointer(request.thread_pointer)) {
        return Errno{EPERM};
    }
    child.name = parent.name;
    child.credentials = parent.credentials;
    child.task.life = parent.task.life;
    const uint64_t tid_place = static_cast<uint64_t>(request.child_tid.address());
    child.task.life.set_child_tid = request.asks(CLONE_CHILD_SETTID) ? tid_place : 0;
    child.task.life.clear_child_tid = request.asks(CLONE_CHILD_CLEARTID) ? tid_place : 0;
    sched::copy_schedule(parent, child);
    return {};
}

Result<long> make_child(core::Thread& parent, const CloneRequest& request) {
    NewChild child;
    TRY(child.make(parent, request));
    TRY(copy_thread(parent, child.thread(), request));
    core::Thread& thread = child.thread();
    const RefPtr<core::Process> process = child.share_process();
    const int pid = TRY(child.publish(parent, request));
    if (request.asks(CLONE_PARENT_SETTID)) tell_tid(request.parent_tid, pid);
    sched::start_thread(thread);
    if (request.asks(CLONE_VFORK)) wait_for_memory(*process);
    return pid;
}
// ROOM processes.5 end

}  // namespace task
