// An open file ("open file description", open(2)): a node, the way in which it was opened, and the
// position of read and write. Descriptors that dup(2) makes share one.
//
// This class is the common case: something with pages and a size. Devices and directories derive.
#pragma once
#include <cstdint>

#include "fs/node.h"
#include "lib/atomic.h"
#include "mm/io_buffer.h"
#include "sync/mutex.h"

namespace fs {

class DirectoryFile;

// Where poll(2) sleeps: whoever changes what events() tells wakes one of these.
struct EventQueues {
    sync::WaitQueue* first = nullptr;
    sync::WaitQueue* second = nullptr;
};

class File : public lib::RefCounted<File> {
public:
    // `flags` are those of open(2).
    File(RefPtr<Node> node, unsigned flags) : node_(std::move(node)), flags_(flags) {}
    virtual ~File() = default;

    Node& node() const { return *node_; }
    RefPtr<Node> share_node() const { return node_; }

    // What fcntl(F_GETFL) shows, and which of it F_SETFL changes.
    unsigned flags() const { return flags_.load(lib::Order::kRelaxed); }
    void set_status_flags(unsigned flags);
    bool is_readable() const;
    bool is_writable() const;
    bool is_path_only() const;  // O_PATH: only a place, not open for anything

    // Whether there is a position at all; pread and its kin say ESPIPE if not.
    virtual bool has_position() const { return true; }

    // Effect: moves bytes from or to `position` of the file, as many as there are; 0 at the end.
    // EISDIR, EINVAL: not with this kind; EFAULT, ENOMEM, EIO: before the first byte.
    // Context: may sleep; the caller has looked at is_readable() or is_writable().
    virtual Result<size_t> read(mm::IoBuffer& to, uint64_t position);
    virtual Result<size_t> write(mm::IoBuffer& from, uint64_t position);

    // Effect: lseek(2); returns the new position. EINVAL, ENXIO, ESPIPE. Context: moving_ is held.
    virtual Result<uint64_t> seek(int64_t offset, int whence);

    // Effect: ioctl(2). ENOTTY: no such request here.
    virtual Result<long> control(unsigned request, uint64_t argument);

    // What poll(2) can tell of it now: POLLIN and its kin, wanted or not; and where to wait for a change.
    // What never makes anybody wait is always ready. Context: any.
    virtual unsigned events();
    virtual EventQueues event_queues() { return {}; }

    // Effect: fcntl(2), F_GETPIPE_SZ and F_SETPIPE_SZ. EBADF: it is no pipe; EBUSY, EPERM, EINVAL, ENOMEM.
    virtual Result<long> pipe_capacity() { return Errno{EBADF}; }
    virtual Result<long> set_pipe_capacity(uint64_t) { return Errno{EBADF}; }

    // The same object if it is a directory, else none.
    virtual DirectoryFile* as_directory() { return nullptr; }

    // What mmap(2) maps; none: ENODEV.
    virtual RefPtr<mm::PageSource> pages() { return node_->pages(); }

    // Effect: the same as write(), and `position` moves behind what was written.
    virtual Result<size_t> write_moving(mm::IoBuffer& from, uint64_t& position);

    // Effect: read or write at the file's own position, which moves on. ESPIPE does not happen: what has
    // no position ignores it. Calls that move one position wait for each other.
    Result<size_t> read_on(mm::IoBuffer& to);
    Result<size_t> write_on(mm::IoBuffer& from);

    Result<uint64_t> seek_on(int64_t offset, int whence);

    uint64_t position() const { return position_.load(lib::Order::kRelaxed); }
    void set_position(uint64_t position) { position_.store(position, lib::Order::kRelaxed); }

protected:
    sync::Mutex moving_;  // held while the position is used and moves

private:
    const RefPtr<Node> node_;
    lib::Atomic<uint32_t> flags_;
    lib::Atomic<uint64_t> position_{0};
};

// An open directory: its position counts entries (getdents64(2)).
class DirectoryFile final : public File {
public:
    using File::File;

    DirectoryFile* as_directory() override { return this; }
    Result<size_t> read(mm::IoBuffer&, uint64_t) override { return Errno{EISDIR}; }
    Result<uint64_t> seek(int64_t offset, int whence) override;

    // Effect: fills `to` with as many entries as fit; 0 at the end. EINVAL if not even one fits,
    // EFAULT. Context: may sleep.
    Result<size_t> list(mm::IoBuffer& to);
};

// Something without a position of its own use, a device for example: lseek answers 0 and moves nothing.
class StreamFile : public File {
public:
    using File::File;
    Result<uint64_t> seek(int64_t, int) override { return 0; }
};

// Effect: what change() answers, which changes the contents of a node that nobody has opened for it.
// ETXTBSY: it is a program that runs. Context: as change().
template <typename Change>
auto as_writer(Node& node, Change change) -> decltype(change()) {
    const RefPtr<mm::PageSource> pages = node.pages();
    if (pages) TRY(pages->add_writer());
    auto result = change();
    if (pages) pages->remove_writer();
    return result;
}

// Effect: a new open file of the kind Kind, or ENOMEM.
template <typename Kind, typename... Arguments>
Result<RefPtr<File>> make_file(Arguments&&... arguments) {
    return RefPtr<File>(TRY(lib::make_ref<Kind>(std::forward<Arguments>(arguments)...)));
}

}  // namespace fs
