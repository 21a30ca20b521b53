// Contract: fs/pipe/event_file.h.
#include "fs/pipe/event_file.h"

#include <asm/poll.h>
#include <linux/fcntl.h>

#include "lib/restart.h"

namespace fs {

namespace {

using sync::How;
using sync::kNoDeadline;
using sync::Woken;

}  // namespace

Result<size_t> EventFile::read(mm::IoBuffer& to, uint64_t) {
    if (to.left() < sizeof(uint64_t)) return Errno{EINVAL};
    const uint64_t number = TRY(take());
    writable_.wake_all();
    const auto* bytes = reinterpret_cast<const uint8_t*>(&number);
    if (to.put({bytes, sizeof(number)}) < sizeof(number)) return Errno{EFAULT};
    return sizeof(number);
}

Result<uint64_t> EventFile::take() {
    sync::SpinGuard guard(lock_);
    if (count_ == 0) {
        if ((flags() & O_NONBLOCK) != 0) return Errno{EAGAIN};
        const auto woken = readable_.wait_until(guard, How::kInterruptible, kNoDeadline,
                                                [&]() REQUIRES(lock_) { return count_ != 0; });
        if (woken == Woken::kInterrupted) return lib::kRestartIfAsked;
    }
    const uint64_t number = taking_ == Taking::kOne ? 1 : count_;
    count_ -= number;
    return number;
}

Result<size_t> EventFile::write(mm::IoBuffer& from, uint64_t) {
    uint64_t number;
    if (from.left() < sizeof(number)) return Errno{EINVAL};
    if (from.get({reinterpret_cast<uint8_t*>(&number), sizeof(number)}) < sizeof(number)) {
        return Errno{EFAULT};
    }
    if (number > kMost) return Errno{EINVAL};
    TRY(add(number));
    readable_.wake_all();
    return sizeof(number);
}

Result<void> EventFile::add(uint64_t number) {
    sync::SpinGuard guard(lock_);
    if (number > kMost - count_) {
        if ((flags() & O_NONBLOCK) != 0) return Errno{EAGAIN};
        const auto woken =
            writable_.wait_until(guard, How::kInterruptible, kNoDeadline,
                                 [&]() REQUIRES(lock_) { return number <= kMost - count_; });
        if (woken == Woken::kInterrupted) return lib::kRestartIfAsked;
    }
    count_ += number;
    return {};
}

unsigned EventFile::events() {
    sync::SpinGuard guard(lock_);
    return (count_ != 0 ? POLLIN : 0u) | (count_ < kMost ? POLLOUT : 0u);
}

}  // namespace fs
