// /proc/sys: what can be known of the kernel's settings, and which can be changed (proc_sys(5)).
#pragma once
#include "fs/directory.h"

namespace proc {

// Effect: adds "sys" to `directory`, whose entries are those of `proc`, which outlives them. ENOMEM.
// Context: boot.
Result<void> add_settings(fs::Directory& directory, fs::Node& proc);

}  // namespace proc
