// The files of /proc that tell of the whole machine, and its settings in /proc/sys.
#pragma once
#include "fs/directory.h"

namespace proc {

// Effect: adds them to `directory`, whose entries are those of `proc`, which outlives them. ENOMEM.
// Context: boot.
Result<void> add_system_files(fs::Directory& directory, fs::Node& proc);

}  // namespace proc
