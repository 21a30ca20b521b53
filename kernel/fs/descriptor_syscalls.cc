// The calls about descriptors themselves: close(2), dup(2) with its kin, fcntl(2).
#include <linux/fcntl.h>

#include "entry/syscall.h"
#include "fs/caller.h"

namespace fs {

namespace {

OnExec on_exec_of(unsigned open_flags) {
    return (open_flags & O_CLOEXEC) != 0 ? OnExec::kClose : OnExec::kKeep;
}

Result<long> duplicate(int fd, int lowest, OnExec on_exec) {
    RefPtr<File> file = TRY(descriptors().find(Fd{fd}));
    const Fd made = TRY(descriptors().reserve(lowest, descriptor_limit()));
    descriptors().publish(made, std::move(file), on_exec);
    return made.value();
}

// What `target` led to before is dropped here, after the table has changed.
Result<long> duplicate_to(int fd, int target, OnExec on_exec) {
    if (target < 0 || static_cast<uint64_t>(target) >= descriptor_limit()) return Errno{EBADF};
    RefPtr<File> file = TRY(descriptors().find(Fd{fd}));
    TRY(descriptors().replace(Fd{target}, std::move(file), on_exec, descriptor_limit()));
    return target;
}

Result<long> duplicate_from(int fd, uint64_t lowest, OnExec on_exec) {
    TRY(descriptors().find(Fd{fd}));
    if (lowest >= descriptor_limit()) return Errno{EINVAL};
    return duplicate(fd, static_cast<int>(lowest), on_exec);
}

// What a descriptor that is only a place (O_PATH) does not know.
Result<long> control_file(File& file, int command, uint64_t argument) {
    switch (command) {
        case F_SETFL: file.set_status_flags(static_cast<unsigned>(argument)); return 0;
        case F_GETOWN: return 0;  // nobody is told by a signal that it is ready
        case F_GETPIPE_SZ: return file.pipe_capacity();
        case F_SETPIPE_SZ: return file.set_pipe_capacity(argument);
        default: return Errno{EINVAL};
    }
}

}  // namespace

SYSCALL(close, int fd) {
    TRY(descriptors().remove(Fd{fd}));
    return 0;
}

SYSCALL(dup, int fd) { return duplicate(fd, 0, OnExec::kKeep); }

SYSCALL(dup3, int fd, int target, unsigned flags) {
    if ((flags & ~unsigned{O_CLOEXEC}) != 0 || fd == target) return Errno{EINVAL};
    return duplicate_to(fd, target, on_exec_of(flags));
}

#ifdef __NR_dup2
SYSCALL(dup2, int fd, int target) {
    if (fd != target) return duplicate_to(fd, target, OnExec::kKeep);
    TRY(descriptors().find(Fd{fd}));
    return fd;
}
#endif

SYSCALL(fcntl, int fd, int command, uint64_t argument) {
    switch (command) {
        case F_DUPFD: return duplicate_from(fd, argument, OnExec::kKeep);
        case F_DUPFD_CLOEXEC: return duplicate_from(fd, argument, OnExec::kClose);
        case F_GETFD: return TRY(descriptors().on_exec(Fd{fd})) == OnExec::kClose ? FD_CLOEXEC : 0;
        case F_SETFD: {
            const bool closes = (argument & FD_CLOEXEC) != 0;
            TRY(descriptors().set_on_exec(Fd{fd}, closes ? OnExec::kClose : OnExec::kKeep));
            return 0;
        }
        case F_GETFL: return static_cast<long>(TRY(descriptors().find(Fd{fd}))->flags());
        default: return control_file(*TRY(open_file(fd)), command, argument);
    }
}

}  // namespace fs
