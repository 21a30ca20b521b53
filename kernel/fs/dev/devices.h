// The files of /dev: null, zero, full, random, urandom, console and tty (their man pages: section 4).
#pragma once
#include "fs/directory.h"

namespace fs {

// Effect: fills the directory that will be /dev. ENOMEM. Context: boot.
Result<void> add_devices(Directory& devices);

}  // namespace fs
