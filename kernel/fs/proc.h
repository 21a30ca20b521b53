// /proc: what the kernel tells of the machine and of processes (proc(5)).
#pragma once
#include "fs/node.h"
#include "lib/text.h"

namespace core {
struct Thread;
}

namespace fs {

// Effect: the directory that will be /proc, below `root`, which outlives it. `thread` is that of the first
// program, which was started with these arguments; they stay. ENOMEM. Context: boot.
Result<RefPtr<Node>> make_proc(Node& root, core::Thread& thread, lib::Text arguments);

}  // namespace fs
