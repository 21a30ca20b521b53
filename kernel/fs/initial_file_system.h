// The files that came with the kernel: the initramfs, as a tree of nodes. Read-only; directories and
// names live in memory, contents stay in the archive until they are first read (page_cache.h).
#pragma once
#include "fs/directory.h"
#include "lib/byte_reader.h"

namespace fs {

// Effect: the tree of a cpio archive, which must stay. Of two entries with one path the later counts;
// directories that the archive does not mention exist too. EINVAL if it is no archive, ENOMEM.
// Context: boot.
Result<RefPtr<Directory>> build_initial_file_system(lib::Bytes archive);

}  // namespace fs
