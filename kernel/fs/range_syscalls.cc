// eventfd2(2), which makes a descriptor from nothing, and close_range(2), which ends many.
#include <linux/close_range.h>
#include <linux/fcntl.h>

#include "entry/syscall.h"
#include "fs/caller.h"
#include "fs/event_file.h"

namespace fs {

namespace {

constexpr unsigned kEventSemaphore = 1;  // EFD_SEMAPHORE; the other flags are open(2)'s

Result<long> open_event(unsigned count, unsigned flags) {
    if ((flags & ~unsigned{O_CLOEXEC | O_NONBLOCK | kEventSemaphore}) != 0) return Errno{EINVAL};
    const auto taking =
        (flags & kEventSemaphore) != 0 ? EventFile::Taking::kOne : EventFile::Taking::kAll;
    RefPtr<Node> node = TRY(make_node<AnonymousNode>("[eventfd]"));
    RefPtr<File> file =
        TRY(make_file<EventFile>(std::move(node), O_RDWR | (flags & O_NONBLOCK), count, taking));
    const Fd made = TRY(descriptors().reserve(0, descriptor_limit()));
    const bool closes = (flags & O_CLOEXEC) != 0;
    descriptors().publish(made, std::move(file), closes ? OnExec::kClose : OnExec::kKeep);
    return made.value();
}

// Effect: the thread has a table of its own, with what was in the one that it shared.
Result<void> unshare_descriptors(core::Thread& thread) {
    auto copy = TRY(thread.files.descriptors->clone());
    const RefPtr<DescriptorTable> shared = exchange_descriptors(thread, std::move(copy));
    return {};
}

}  // namespace

SYSCALL(eventfd2, unsigned count, unsigned flags) { return open_event(count, flags); }

#ifdef __NR_eventfd
SYSCALL(eventfd, unsigned count) { return open_event(count, 0); }
#endif

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
