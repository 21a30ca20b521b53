// How much a thread and its children have used up, as programs are told. For times_syscalls.cc, wait.cc and
// /proc. Next to read: sched/cpu_time.h.
#pragma once
#include <linux/resource.h>

#include "core/thread.h"
#include "sched/cpu_time.h"
#include "task/process_part.h"

namespace task {

// Context: any; the thread has not ended.
Usage usage_of_thread(core::Thread& thread);

// As getrusage(2) and wait4(2) show it.
rusage as_rusage(const Usage& usage);

}  // namespace task
