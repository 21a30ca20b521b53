// The files of /proc: texts that the kernel writes when they are read (proc(5)), and fail-nth.
#pragma once
#include "fs/directory.h"
#include "lib/text.h"

namespace core {
struct Thread;
}

namespace fs {

// Effect: fills the directory that will be /proc, with one process: that of `thread`, which was started
// with these arguments. ENOMEM. Context: boot.
Result<void> add_proc(Directory& proc, core::Thread& thread, lib::Text arguments);

}  // namespace fs
