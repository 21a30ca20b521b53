// stat and status of /proc/<pid>: nearly all there is to know of a process, for programs and for people
// (proc_pid_stat(5), proc_pid_status(5)).
#pragma once
#include "core/process.h"
#include "lib/format.h"
#include "lib/result.h"

namespace proc {

// Effect: write the text. ESRCH: the process has been reaped; ENOMEM. Context: may sleep.
Result<void> write_process_stat(lib::Sink& sink, core::Process& process);
Result<void> write_process_status(lib::Sink& sink, core::Process& process);

}  // namespace proc
