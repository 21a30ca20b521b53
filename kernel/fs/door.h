// The door of the files that lab paging brings: what lower floors and the boot ask of them. Closed:
// labs/02-paging/before.
#pragma once
#include <cstdint>

#include "lib/byte_reader.h"
#include "lib/ref_ptr.h"
#include "lib/result.h"
#include "lib/text.h"

namespace core {
struct Thread;
}

namespace fs {

class DescriptorTable;
class Context;

// What a thread needs to open and use files: each pointer is an owner, or null. Only the thread itself
// changes them.
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

// What a new thread has in common with its maker; the rest is copied (clone(2): CLONE_FILES, CLONE_FS).
struct Sharing {
    bool descriptors = false;
    bool context = false;
};

// Effect: `child` gets files: shares and copies of those of `parent`, the thread that runs. ENOMEM; then
// it has none. Context: may sleep.
Result<void> clone_files(const core::Thread& parent, core::Thread& child, Sharing sharing);

// The open files of any thread, and where its paths begin, with an owner; none once it has dropped them.
// Context: it has not ended.
RefPtr<DescriptorTable> share_descriptors(const core::Thread& thread);
RefPtr<Context> share_context(const core::Thread& thread);

// Effect: `thread`, the one that runs, has this table from now on; the one from before is returned.
// Context: any.
RefPtr<DescriptorTable> exchange_descriptors(core::Thread& thread, RefPtr<DescriptorTable> table);

// Effect: `thread` has no files any more; what only it had is closed. Context: may sleep.
void drop_files(core::Thread& thread);

}  // namespace fs
