// How a process is made (fork.cc). Called by clone_syscalls.cc, which has read and checked what clone(2) or
// clone3(2) was given.
#pragma once
#include <linux/sched.h>

#include "core/thread.h"
#include "lib/result.h"
#include "mm/user_memory.h"

namespace task {

struct CloneRequest {
    uint64_t flags = 0;  // CLONE_*
    int exit_signal = 0;
    uint64_t stack = 0;  // where the child's stack ends; 0: where its parent's sp is
    uint64_t thread_pointer = 0;
    mm::UserPtr<int> pidfd{0}, parent_tid{0}, child_tid{0};

    bool asks(uint64_t flag) const { return (flags & flag) != 0; }
};

// Effect: a child of `parent`, the thread that runs, which goes on in user mode behind the same call, with
// result 0; its pid. EAGAIN: no more processes are allowed; ENOMEM, EMFILE, EFAULT (pidfd), EPERM: then
// there is no child and nothing has changed. Context: may sleep.
Result<long> make_child(core::Thread& parent, const CloneRequest& request);

// Effect: the thread of the child that make_child makes becomes a copy of `parent`'s, as far as `request`
// asks for nothing else. EPERM: the CPU does not take that thread pointer. Context: nobody finds the child
// yet.
Result<void> copy_thread(core::Thread& parent, core::Thread& child, const CloneRequest& request);

}  // namespace task
