// The calls that make processes: clone(2), clone3(2), fork(2), vfork(2). Here their arguments are read and
// checked; fork.cc does what they ask for.
#include <asm/signal.h>
#include <linux/sched.h>

#include "abi/signal.h"
#include "core/current.h"
#include "entry/syscall.h"
#include "mm/growing_struct.h"
#include "task/family.h"
#include "task/fork.h"

namespace task {

namespace {

constexpr uint64_t kNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWTIME;
// What may stand in clone's flags beside the signal.
constexpr uint64_t kOldFlags = 0xffffffff & ~uint64_t{CSIGNAL};

// The combinations that Linux refuses (clone(2), ERRORS). Namespaces it refuses where it was built
// without them; threads of one process come with lab futexes.
Result<void> check_flags(const CloneRequest& request) {
    const uint64_t flags = request.flags;
    if ((flags & CLONE_SIGHAND) != 0 && (flags & CLONE_VM) == 0) return Errno{EINVAL};
    if ((flags & CLONE_SIGHAND) != 0 && (flags & CLONE_CLEAR_SIGHAND) != 0) return Errno{EINVAL};
    if ((flags & CLONE_THREAD) != 0) return Errno{EINVAL};
    if ((flags & CLONE_FS) != 0 && (flags & (CLONE_NEWNS | CLONE_NEWUSER)) != 0) {
        return Errno{EINVAL};
    }
    if ((flags & kNamespaces) != 0) {
        return Errno{core::current().credentials.is_privileged() ? EINVAL : EPERM};
    }
    // Siblings of the first process would have no parent.
    if ((flags & CLONE_PARENT) != 0 && is_first(core::current_process())) return Errno{EINVAL};
    if ((flags & CLONE_PIDFD) != 0 && (flags & CLONE_DETACHED) != 0) return Errno{EINVAL};
    return {};
}

Result<long> checked_clone(const CloneRequest& request) {
    TRY(check_flags(request));
    return make_child(core::current(), request);
}

Result<clone_args> read_arguments(mm::UserBuffer place, size_t size) {
    if (size > arch::kPageSize) return Errno{E2BIG};
    if (size < CLONE_ARGS_SIZE_VER0) return Errno{EINVAL};
    clone_args arguments;
    TRY(mm::read_growing(place, size, arguments));
    return arguments;
}

Result<void> check_arguments(const clone_args& arguments) {
    constexpr uint64_t kKnown = kOldFlags | CLONE_CLEAR_SIGHAND | CLONE_NEWTIME;
    if ((arguments.flags & ~kKnown) != 0 || (arguments.flags & CLONE_DETACHED) != 0) {
        return Errno{EINVAL};
    }
    if (arguments.exit_signal > abi::kMostSignals) return Errno{EINVAL};
    if ((arguments.flags & (CLONE_THREAD | CLONE_PARENT)) != 0 && arguments.exit_signal != 0) {
        return Errno{EINVAL};
    }
    // Pids of one's choice are for restoring programs; there is no such thing here.
    if (arguments.set_tid != 0 || arguments.set_tid_size != 0) return Errno{EINVAL};
    if ((arguments.stack == 0) != (arguments.stack_size == 0)) return Errno{EINVAL};
    if (!mm::is_user_range(mm::UserAddr{arguments.stack}, arguments.stack_size)) {
        return Errno{EINVAL};
    }
    return {};
}

}  // namespace

// The order of the last two arguments is each CPU's own (clone(2), "C library/kernel differences").
SYSCALL(clone, uint64_t flags, uint64_t stack, mm::UserPtr<int> parent_tid, uint64_t fourth,
        uint64_t fifth) {
    constexpr bool kThreadPointerFirst = arch::UserContext::kCloneThreadPointer == 3;
    CloneRequest request;
    request.flags = flags & kOldFlags;
    request.exit_signal = static_cast<int>(flags & CSIGNAL);
    request.stack = stack;
    request.thread_pointer = kThreadPointerFirst ? fourth : fifth;
    request.child_tid = mm::UserPtr<int>(kThreadPointerFirst ? fifth : fourth);
    request.parent_tid = parent_tid;
    request.pidfd = parent_tid;
    // One place cannot hold both.
    if (request.asks(CLONE_PIDFD) && request.asks(CLONE_PARENT_SETTID)) return Errno{EINVAL};
    return checked_clone(request);
}

SYSCALL(clone3, mm::UserBuffer place, size_t size) {
    const clone_args arguments = TRY(read_arguments(place, size));
    TRY(check_arguments(arguments));
    CloneRequest request;
    request.flags = arguments.flags;
    request.exit_signal = static_cast<int>(arguments.exit_signal);
    request.stack = arguments.stack + arguments.stack_size;
    request.thread_pointer = arguments.tls;
    request.pidfd = mm::UserPtr<int>(arguments.pidfd);
    request.parent_tid = mm::UserPtr<int>(arguments.parent_tid);
    request.child_tid = mm::UserPtr<int>(arguments.child_tid);
    if (request.asks(CLONE_PIDFD) && request.asks(CLONE_PARENT_SETTID) &&
        arguments.pidfd == arguments.parent_tid) {
        return Errno{EINVAL};
    }
    return checked_clone(request);
}

#ifdef __NR_fork
SYSCALL(fork) {
    CloneRequest request;
    request.exit_signal = SIGCHLD;
    return make_child(core::current(), request);
}
#endif

#ifdef __NR_vfork
SYSCALL(vfork) {
    CloneRequest request;
    request.flags = CLONE_VM | CLONE_VFORK;
    request.exit_signal = SIGCHLD;
    return make_child(core::current(), request);
}
#endif

}  // namespace task
