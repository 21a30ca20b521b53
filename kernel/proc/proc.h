// /proc: what the kernel tells of the machine and of processes (proc(5)).
#pragma once
#include "fs/node.h"
#include "lib/text.h"

namespace core {
struct Thread;
}

namespace proc {

// Effect: the directory that will be /proc, below `root`, which outlives it. `thread` is that of the first
// program, which was started with these arguments; they stay. ENOMEM. Context: boot.
Result<RefPtr<fs::Node>> make_proc(fs::Node& root, core::Thread& thread, lib::Text arguments);

}  // namespace proc
