// Contract: fs/pipe/pipe.h.
#include "fs/pipe/pipe.h"

#include <asm/ioctls.h>
#include <asm/poll.h>
#include <asm/signal.h>
#include <linux/fcntl.h>

#include "lib/restart.h"
#include "mm/user_memory.h"
#include "signal/door.h"

namespace fs {

namespace {

using sync::How;
using sync::kNoDeadline;
using sync::Woken;

class Fifo final : public RamNode {
public:
    Fifo(FileSystem owner, uint32_t mode) : RamNode(owner, mode) {}
    Result<RefPtr<File>> open(unsigned flags) override {
        return pipe_.open(RefPtr<Node>(*this), flags, Pipe::Opening::kWhenBothAreThere);
    }

private:
    Pipe pipe_;
};

// A pipe without a name can be opened once more all the same: through /proc/self/fd.
class PipeNode final : public Node {
public:
    PipeNode() : Node(FileSystem::kPipes, S_IFIFO | 0600) {}
    lib::Text kind() const override { return "pipe"; }
    // Also by whoever finds it in /proc/<pid>/fd: it waits for nobody, unlike a FIFO.
    Result<RefPtr<File>> open(unsigned flags) override {
        return pipe_.open(RefPtr<Node>(*this), flags, Pipe::Opening::kAtOnce);
    }

private:
    Pipe pipe_;
};

bool may_wait(const File& end) { return (end.flags() & O_NONBLOCK) == 0; }

}  // namespace

Result<RefPtr<RamNode>> make_fifo(FileSystem owner, uint32_t mode) {
    return RefPtr<RamNode>(TRY(lib::make_ref<Fifo>(owner, mode)));
}

Result<PipeEnds> make_pipe(unsigned flags) {
    const RefPtr<PipeNode> node = TRY(lib::make_ref<PipeNode>());
    RefPtr<File> reading = TRY(node->open(O_RDONLY | flags));
    RefPtr<File> writing = TRY(node->open(O_WRONLY | flags));
    return PipeEnds{std::move(reading), std::move(writing)};
}

// ---- the ends --------------------------------------------------------------------------------------

// Whoever fails after it has entered leaves again when `end` is dropped: behind the guard.
Result<RefPtr<File>> Pipe::open(RefPtr<Node> node, unsigned flags, Opening opening) {
    const RefPtr<PipeFile> end = TRY(lib::make_ref<PipeFile>(std::move(node), flags, *this));
    if (!end->is_readable() && !end->is_writable()) return Errno{EINVAL};
    {
        sync::MutexGuard guard(mutex_);
        if (opening == Opening::kWhenBothAreThere) TRY(check_reader(*end));
        TRY(enter(*end));
        if (opening == Opening::kWhenBothAreThere) TRY(wait_for_other_end(*end, guard));
    }
    return RefPtr<File>(end);
}

// fifo(7): a writer that may not wait for a reader fails before anybody can take it for one.
Result<void> Pipe::check_reader(const File& end) {
    if (end.is_readable() || has_readers() || may_wait(end)) return {};
    return Errno{ENXIO};
}

Result<void> Pipe::enter(PipeFile& end) {
    if (buffer_.capacity() == 0) TRY(buffer_.resize(PipeBuffer::kUsualCapacity));
    end.is_end_ = true;
    if (end.is_readable()) {
        readers_.fetch_add(1);
        readers_ever_.fetch_add(1);
    }
    if (end.is_writable()) {
        writers_.fetch_add(1);
        writers_ever_.fetch_add(1);
    }
    opened_.wake_all();
    return {};
}

Result<void> Pipe::wait_for_other_end(PipeFile& end, sync::MutexGuard& guard) {
    const bool is_reader = end.is_readable();
    if (is_reader && end.is_writable()) return {};
    if (is_reader ? has_writers() : has_readers()) return {};
    const lib::Atomic<uint32_t>& ever = is_reader ? writers_ever_ : readers_ever_;
    const uint32_t before = ever.load();
    if (!may_wait(end)) {
        end.writers_before_ = before;
        return {};
    }
    const auto woken = opened_.wait_until(guard, How::kInterruptible, kNoDeadline,
                                          [&] { return ever.load() != before; });
    if (woken == Woken::kInterrupted) return lib::kRestartIfAsked;
    return {};
}

PipeFile::~PipeFile() {
    if (is_end_) pipe_.leave(*this);
}

void Pipe::leave(const File& end) {
    {
        sync::MutexGuard guard(mutex_);
        if (end.is_readable()) readers_.fetch_add(-1u);
        if (end.is_writable()) writers_.fetch_add(-1u);
        if (!has_readers() && !has_writers()) buffer_.release();
    }
    readable_.wake_all();
    writable_.wake_all();
}

// ---- bytes -----------------------------------------------------------------------------------------

Result<size_t> Pipe::read(const File& end, mm::IoBuffer& to) {
    if (to.left() == 0) return 0;
    size_t done;
    bool wakes_writers;
    {
        sync::MutexGuard guard(mutex_);
        TRY(wait_for_bytes(end, guard));
        const bool was_full = buffer_.is_full();
        done = TRY(buffer_.take(to));
        wakes_writers = was_full && !buffer_.is_full();
    }
    if (wakes_writers) writable_.wake_all();
    return done;
}

// Without bytes and without writers it is the end of the file.
Result<void> Pipe::wait_for_bytes(const File& end, sync::MutexGuard& guard) {
    const auto has_ended_waiting = [&] { return buffer_.count() != 0 || !has_writers(); };
    if (has_ended_waiting()) return {};
    if (!may_wait(end)) return Errno{EAGAIN};
    const auto woken =
        readable_.wait_until(guard, How::kInterruptible, kNoDeadline, has_ended_waiting);
    if (woken == Woken::kInterrupted) return lib::kRestartIfAsked;
    return {};
}

// Up to a page goes in at once. More may be cut by others' bytes, and who may not wait writes what fits.
Result<size_t> Pipe::write(const File& end, mm::IoBuffer& from) {
    size_t done = 0;
    while (from.left() != 0) {
        const auto moved = write_some(end, from);
        if (!moved) {
            if (moved.error() == Errno{EPIPE}) signal::send_to_self(SIGPIPE);
            return mm::moved_or(done, static_cast<int>(moved.error()));
        }
        done += *moved;
    }
    return done;
}

// Effect: writes as many bytes as there is room for, once there is some.
Result<size_t> Pipe::write_some(const File& end, mm::IoBuffer& from) {
    size_t done;
    bool was_empty;
    {
        sync::MutexGuard guard(mutex_);
        TRY(wait_for_room(end, from.left(), guard));
        was_empty = buffer_.count() == 0;
        done = TRY(buffer_.put(from));
    }
    if (was_empty) readable_.wake_all();
    return done;
}

Result<void> Pipe::wait_for_room(const File& end, size_t size, sync::MutexGuard& guard) {
    auto woken = Woken::kReady;
    if (!buffer_.has_room_for(size) && has_readers()) {
        if (!may_wait(end)) return Errno{EAGAIN};
        const auto has_ended_waiting = [&] { return !buffer_.is_full() || !has_readers(); };
        woken = writable_.wait_until(guard, How::kInterruptible, kNoDeadline, has_ended_waiting);
    }
    if (!has_readers()) return Errno{EPIPE};
    if (woken == Woken::kInterrupted) return lib::kRestartIfAsked;
    return {};
}

// ---- what others ask -------------------------------------------------------------------------------

unsigned Pipe::events(const File& end, uint32_t writers_before) const {
    unsigned events = 0;
    if (end.is_readable()) {
        if (buffer_.count() != 0) events |= POLLIN | POLLRDNORM;
        if (!has_writers() && writers_ever_.load() != writers_before) events |= POLLHUP;
    }
    if (end.is_writable()) {
        if (!buffer_.is_full()) events |= POLLOUT | POLLWRNORM;
        if (!has_readers()) events |= POLLERR;
    }
    return events;
}

// fcntl(2), F_SETPIPE_SZ: rounded up to a power of two pages.
Result<long> Pipe::resize(uint64_t wanted) {
    if (wanted > UINT32_MAX / 2) return Errno{EINVAL};
    if (wanted > PipeBuffer::kMostCapacity) return Errno{EPERM};
    size_t capacity = arch::kPageSize;
    while (capacity < wanted) capacity *= 2;
    {
        sync::MutexGuard guard(mutex_);
        TRY(buffer_.resize(capacity));
    }
    writable_.wake_all();
    return static_cast<long>(capacity);
}

Result<long> PipeFile::control(unsigned request, uint64_t argument) {
    if (request != FIONREAD) return Errno{ENOTTY};
    TRY(mm::UserPtr<int>(argument).write(static_cast<int>(pipe_.buffer_.count())));
    return 0;
}

}  // namespace fs
