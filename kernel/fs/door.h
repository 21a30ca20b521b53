// The door of the files that lab paging brings: what lower floors and the boot ask of them. Closed:
// labs/02-paging/before.
#pragma once
#include <cstdint>

#include "lib/byte_reader.h"
#include "lib/result.h"
#include "lib/text.h"

namespace core {
struct Thread;
}

namespace fs {

class DescriptorTable;
struct Context;

// What a thread needs to open and use files. With one thread, nobody else has a part in them.
struct ThreadPart {
    DescriptorTable* descriptors = nullptr;
    Context* context = nullptr;
};

// Effect: builds the tree of files from a cpio archive, which must stay, with /dev and /proc in it;
// `thread` stands in its root and has the console open as descriptors 0, 1 and 2. `arguments` are those
// of its program, for /proc; random numbers are drawn from `seed`. EINVAL if the archive is malformed,
// ENOMEM. Context: boot.
Result<void> init_files(core::Thread& thread, lib::Bytes archive, lib::Text arguments,
                        uint64_t seed);

}  // namespace fs
