// eventfd2(2): a descriptor whose file is a number. What the number does: event_file.h.
#include <linux/fcntl.h>

#include "entry/syscall.h"
#include "fs/caller.h"
#include "fs/pipe/event_file.h"

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

}  // namespace

SYSCALL(eventfd2, unsigned count, unsigned flags) { return open_event(count, flags); }

#ifdef __NR_eventfd
SYSCALL(eventfd, unsigned count) { return open_event(count, 0); }
#endif

}  // namespace fs
