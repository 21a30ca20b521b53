// Pipes: what is written at one end is read at the other, by processes that may sleep for it (pipe(7)).
// pipe2(2) makes one without a name (pipe_syscalls.cc), mknod(2) a node that leads to one (fifo(7)).
//
// One mutex a pipe: bytes are copied between it and a program's memory, which may sleep. Who waits does so
// in one of its queues, with the mutex given back.
#pragma once
#include "fs/file.h"
#include "fs/pipe/buffer.h"
#include "fs/ram/node.h"
#include "sync/mutex.h"
#include "sync/wait_queue.h"

namespace fs {

class PipeFile;

class Pipe {
public:
    // Effect: a new end, two if `flags` of open(2) say so, of the pipe that `node` holds; at once, or when
    // somebody has the other end open (fifo(7)). kRestartIfAsked, ENOMEM; ENXIO: nobody reads, and
    // O_NONBLOCK; EINVAL: neither end. Context: may sleep.
    enum class Opening : uint8_t { kAtOnce, kWhenBothAreThere };
    Result<RefPtr<File>> open(RefPtr<Node> node, unsigned flags, Opening opening);

private:
    friend class PipeFile;

    Result<void> check_reader(const File& end) REQUIRES(mutex_);
    Result<void> enter(PipeFile& end) REQUIRES(mutex_);
    Result<void> wait_for_other_end(PipeFile& end, sync::MutexGuard& guard) REQUIRES(mutex_);
    void leave(const File& end);

    Result<size_t> read(const File& end, mm::IoBuffer& to);
    Result<size_t> write(const File& end, mm::IoBuffer& from);
    Result<size_t> write_some(const File& end, mm::IoBuffer& from);
    Result<void> wait_for_bytes(const File& end, sync::MutexGuard& guard) REQUIRES(mutex_);
    Result<void> wait_for_room(const File& end, size_t size, sync::MutexGuard& guard)
        REQUIRES(mutex_);
    unsigned events(const File& end, uint32_t writers_before) const;
    Result<long> resize(uint64_t capacity);

    bool has_readers() const { return readers_.load() != 0; }
    bool has_writers() const { return writers_.load() != 0; }

    sync::Mutex mutex_;
    PipeBuffer buffer_;  // changes with the mutex held, as all below
    lib::Atomic<uint32_t> readers_{0};
    lib::Atomic<uint32_t> writers_{0};
    // How many have ever come: who waits for one sees it though it has left.
    lib::Atomic<uint32_t> readers_ever_{0};
    lib::Atomic<uint32_t> writers_ever_{0};

    sync::WaitQueue readable_;
    sync::WaitQueue writable_;
    sync::WaitQueue opened_;
};

// An end of a pipe, or both.
class PipeFile final : public File {
public:
    PipeFile(RefPtr<Node> node, unsigned flags, Pipe& pipe)
        : File(std::move(node), flags), pipe_(pipe) {}
    ~PipeFile() override;

    bool has_position() const override { return false; }
    Result<size_t> read(mm::IoBuffer& to, uint64_t) override { return pipe_.read(*this, to); }
    Result<size_t> write(mm::IoBuffer& from, uint64_t) override { return pipe_.write(*this, from); }
    Result<uint64_t> seek(int64_t, int) override { return Errno{ESPIPE}; }
    Result<long> control(unsigned request, uint64_t argument) override;
    unsigned events() override { return pipe_.events(*this, writers_before_); }
    EventQueues event_queues() override { return {&pipe_.readable_, &pipe_.writable_}; }
    Result<long> pipe_capacity() override { return static_cast<long>(pipe_.buffer_.capacity()); }
    Result<long> set_pipe_capacity(uint64_t size) override { return pipe_.resize(size); }

private:
    friend class Pipe;

    Pipe& pipe_;  // the node has it
    bool is_end_ = false;
    // poll(2) tells of writers who have left, not of those who have never come.
    uint32_t writers_before_ = 0;
};

// Effect: the node that mknod(2) makes of S_IFIFO. ENOMEM.
Result<RefPtr<RamNode>> make_fifo(FileSystem owner, uint32_t mode);

// Effect: a pipe without a name, which both ends keep; `flags` of pipe2(2). ENOMEM. Context: may sleep.
struct PipeEnds {
    RefPtr<File> reading;
    RefPtr<File> writing;
};
Result<PipeEnds> make_pipe(unsigned flags);

}  // namespace fs
