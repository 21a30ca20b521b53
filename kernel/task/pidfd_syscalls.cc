// pidfd_open(2), pidfd_send_signal(2), pidfd_getfd(2).
#include <asm/fcntl.h>

#include "core/current.h"
#include "entry/syscall.h"
#include "fs/caller.h"
#include "signal/door.h"
#include "task/family.h"
#include "task/pidfd.h"
#include "task/rights.h"

namespace task {

namespace {

Result<RefPtr<core::Process>> process_of(int pidfd) {
    return process_of_pidfd(*TRY(fs::open_file(pidfd)));
}

Result<int> put_into_table(RefPtr<fs::File> file) {
    const Fd fd = TRY(fs::descriptors().reserve(0, fs::descriptor_limit()));
    fs::descriptors().publish(fd, std::move(file), fs::OnExec::kClose);
    return fd.value();
}

// The open file of another process's descriptor.
Result<RefPtr<fs::File>> file_of(core::Process& process, int fd) {
    RefPtr<fs::DescriptorTable> table;
    {
        sync::SpinGuard guard(family_lock);
        if (process.task.state == ProcessState::kReaped) return Errno{ESRCH};
        if (!may_touch(process, Touch::kTake)) return Errno{EPERM};
        if (process.task.thread != nullptr) table = fs::share_descriptors(*process.task.thread);
    }
    if (!table) return Errno{ESRCH};
    return table->find(Fd{fd});
}

}  // namespace

SYSCALL(pidfd_open, int pid, unsigned flags) {
    if ((flags & ~unsigned{O_NONBLOCK}) != 0 || pid <= 0) return Errno{EINVAL};
    const RefPtr<core::Process> process = TRY(get_process(pid));
    return TRY(put_into_table(TRY(make_pidfd(*process, flags))));
}

SYSCALL(pidfd_getfd, int pidfd, int fd, unsigned flags) {
    if (flags != 0) return Errno{EINVAL};
    const RefPtr<core::Process> process = TRY(process_of(pidfd));
    return TRY(put_into_table(TRY(file_of(*process, fd))));
}

SYSCALL(pidfd_send_signal, int pidfd, int number, uint64_t, unsigned flags) {
    if (flags != 0) return Errno{EINVAL};
    const RefPtr<core::Process> process = TRY(process_of(pidfd));
    sync::SpinGuard guard(family_lock);
    if (process->task.state == ProcessState::kReaped) return Errno{ESRCH};
    TRY(signal::send_from(core::current(), *process, number));
    return 0;
}

}  // namespace task
