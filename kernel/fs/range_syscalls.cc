// close_range(2), which ends many descriptors.
#include <linux/close_range.h>

#include "entry/syscall.h"
#include "fs/caller.h"

namespace fs {

namespace {

// Effect: the thread has a table of its own, with what was in the one that it shared.
Result<void> unshare_descriptors(core::Thread& thread) {
    auto copy = TRY(thread.files.descriptors->clone());
    const RefPtr<DescriptorTable> shared = exchange_descriptors(thread, std::move(copy));
    return {};
}

}  // namespace

SYSCALL(close_range, unsigned first, unsigned last, unsigned flags) {
    if ((flags & ~unsigned{CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC}) != 0) return Errno{EINVAL};
    if (first > last) return Errno{EINVAL};
    if ((flags & CLOSE_RANGE_UNSHARE) != 0) TRY(unshare_descriptors(caller()));
    for (uint64_t fd = first; fd <= last; fd++) {
        const auto next = descriptors().next(fd);
        if (!next || static_cast<unsigned>(next->value()) > last) break;
        fd = static_cast<unsigned>(next->value());
        // Another thread may have been faster: then there is nothing to do.
        if ((flags & CLOSE_RANGE_CLOEXEC) != 0) {
            static_cast<void>(descriptors().set_on_exec(*next, OnExec::kClose));
        } else {
            static_cast<void>(descriptors().remove(*next));
        }
    }
    return 0;
}

}  // namespace fs
