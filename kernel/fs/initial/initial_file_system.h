// The files that came with the kernel: the initramfs, as a tree of nodes. Directories and names live in
// memory, contents stay in the archive until they are first read.
#pragma once
#include "fs/node.h"
#include "lib/byte_reader.h"

namespace fs {

// Effect: the tree of a cpio archive, which must stay. Of two entries with one path the later counts;
// directories that the archive does not mention exist too. EINVAL if it is no archive, ENOMEM.
// Context: boot.
Result<RefPtr<Node>> build_initial_file_system(lib::Bytes archive);

// Effect: `name` in this root leads to `node`, the root of another file system; what the archive has
// there is hidden. ENOMEM. Context: boot.
Result<void> mount(Node& root, lib::Text name, RefPtr<Node> node);

}  // namespace fs
