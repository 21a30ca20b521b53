// /proc/<pid>/fail-nth (Linux, Documentation/fault-injection): a number n that a thread writes makes its
// n-th allocation from then on fail; 0 again: it has (mm/fail_nth.h).
#pragma once
#include "core/process.h"
#include "fs/node.h"

namespace proc {

// Effect: the node for a process, which alone can read and write it (EPERM). ENOMEM.
Result<RefPtr<fs::Node>> make_fail_nth(RefPtr<core::Process> process);

}  // namespace proc
