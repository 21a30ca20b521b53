// A process as a file (pidfd_open(2)): it is readable for poll once the process has ended.
#pragma once
#include "core/process.h"
#include "fs/descriptors.h"
#include "fs/file.h"
#include "mm/user_memory.h"

namespace task {

// Effect: an open file that stands for `process`. ENOMEM.
Result<RefPtr<fs::File>> make_pidfd(core::Process& process, unsigned flags);

// The process that an open file stands for; EBADF if it is no pidfd.
Result<RefPtr<core::Process>> process_of_pidfd(const fs::File& file);

// A descriptor of the caller's for a child that is not made yet (CLONE_PIDFD): given back unless published.
class PidfdReservation {
public:
    PidfdReservation() = default;
    ~PidfdReservation();
    PidfdReservation(const PidfdReservation&) = delete;
    PidfdReservation& operator=(const PidfdReservation&) = delete;

    // Effect: the number is taken, and written to `place`. EMFILE, ENOMEM, EFAULT.
    Result<void> reserve(core::Process& process, mm::UserPtr<int> place);
    // Effect: it leads to the process. Does nothing if nothing was reserved.
    void publish();

private:
    int number_ = -1;
    RefPtr<fs::File> file_;
};

}  // namespace task
