// The files of a new thread, and of one that ends. Contract: fs/door.h.
#include "core/thread.h"
#include "fs/context.h"
#include "fs/descriptors.h"
#include "fs/door.h"

namespace fs {

namespace {

// A thread's pointer is an owner: a share of what its maker has, or a copy.
template <typename Part>
Result<RefPtr<Part>> part_for_child(Part& part, bool shares) {
    if (shares) return RefPtr<Part>(part);
    return part.clone();
}

template <typename Part>
void drop(Part*& part) {
    // The last owner's end closes files, which may be long: nobody finds them through the thread then.
    const RefPtr<Part> last = lib::adopt_ref(std::exchange(part, nullptr));
}

}  // namespace

Result<void> clone_files(const core::Thread& parent, core::Thread& child, Sharing sharing) {
    auto descriptors = TRY(part_for_child(*parent.files.descriptors, sharing.descriptors));
    auto context = TRY(part_for_child(*parent.files.context, sharing.context));
    child.files = {descriptors.release(), context.release()};
    return {};
}

void drop_files(core::Thread& thread) {
    drop(thread.files.descriptors);
    drop(thread.files.context);
}

}  // namespace fs
