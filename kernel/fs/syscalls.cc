// The calls that move bytes through a descriptor: read(2) and write(2) with their kin, lseek(2),
// getdents64(2), sendfile(2), ioctl(2); and getrandom(2), which needs none. What Linux checks first is
// checked first here.
#include <asm/ioctls.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/random.h>

#include "entry/syscall.h"
#include "fs/caller.h"
#include "fs/dev/random.h"
#include "fs/page_cache.h"
#include "fs/permission.h"

namespace fs {

namespace {

using mm::IoBuffer;

Result<RefPtr<File>> file_to_read(int fd) {
    RefPtr<File> file = TRY(open_file(fd));
    if (!file->is_readable()) return Errno{EBADF};
    return file;
}

Result<RefPtr<File>> file_to_write(int fd) {
    RefPtr<File> file = TRY(open_file(fd));
    if (!file->is_writable()) return Errno{EBADF};
    return file;
}

// Whoever writes is bound by a limit, and takes the file's right to run in its owner's name.
void prepare_writing(const File& file, IoBuffer& buffer) {
    buffer.limit_file_size(core::current_limits().soft(RLIMIT_FSIZE));
    drop_set_id_of(file.node(), credentials());
}

// pread(2) and its kin name the position; ESPIPE: the file has none.
Result<RefPtr<File>> file_with_position(int fd, int64_t position) {
    if (position < 0) return Errno{EINVAL};
    RefPtr<File> file = TRY(open_file(fd));
    if (!file->has_position()) return Errno{ESPIPE};
    return file;
}

// Linux refuses a range that no file can have, before it finds out how much there is to move.
Result<void> check_range(int64_t position, size_t count) {
    int64_t end;
    if (__builtin_add_overflow(position, static_cast<int64_t>(count), &end)) return Errno{EINVAL};
    if (position < 0 || static_cast<int64_t>(count) < 0) return Errno{EINVAL};
    return {};
}

Result<long> set_non_blocking(File& file, mm::UserPtr<int> wanted) {
    int is_wanted;
    TRY(wanted.read_into(is_wanted));
    const unsigned rest = file.flags() & ~unsigned{O_NONBLOCK};
    file.set_status_flags(is_wanted != 0 ? rest | O_NONBLOCK : rest);
    return 0;
}

long as_count(size_t moved) { return static_cast<long>(moved); }

// What a write answers: with EFBIG there is a signal, if it was the limit and not the longest file.
Result<long> written(uint64_t file_size_limit, Result<size_t> done) {
    const bool has_limit = file_size_limit != RLIM64_INFINITY;
    if (!done && done.error() == Errno{EFBIG} && has_limit) return refuse_size();
    return as_count(TRY(done));
}

Result<long> read_vector(int fd, mm::UserBuffer vector, size_t pieces) {
    const RefPtr<File> file = TRY(open_file(fd));
    IoBuffer buffer;
    TRY(buffer.add_user_vector(vector.address(), pieces));
    if (!file->is_readable()) return Errno{EBADF};
    return as_count(TRY(file->read_on(buffer)));
}

Result<long> write_vector(int fd, mm::UserBuffer vector, size_t pieces) {
    const RefPtr<File> file = TRY(open_file(fd));
    IoBuffer buffer;
    TRY(buffer.add_user_vector(vector.address(), pieces));
    if (!file->is_writable()) return Errno{EBADF};
    prepare_writing(*file, buffer);
    return written(buffer.file_size_limit(), file->write_on(buffer));
}

Result<long> read_vector_at(int fd, mm::UserBuffer vector, size_t pieces, int64_t position) {
    const RefPtr<File> file = TRY(file_with_position(fd, position));
    IoBuffer buffer;
    TRY(buffer.add_user_vector(vector.address(), pieces));
    if (!file->is_readable()) return Errno{EBADF};
    return as_count(TRY(file->read(buffer, static_cast<uint64_t>(position))));
}

Result<long> write_vector_at(int fd, mm::UserBuffer vector, size_t pieces, int64_t position) {
    const RefPtr<File> file = TRY(file_with_position(fd, position));
    IoBuffer buffer;
    TRY(buffer.add_user_vector(vector.address(), pieces));
    if (!file->is_writable()) return Errno{EBADF};
    prepare_writing(*file, buffer);
    return written(buffer.file_size_limit(), file->write(buffer, static_cast<uint64_t>(position)));
}

// preadv2(2): the flags that a file system in memory fulfils anyway.
Result<void> check_hints(unsigned flags) {
    constexpr unsigned kHints = RWF_HIPRI | RWF_DSYNC | RWF_SYNC;
    if ((flags & ~kHints) != 0) return Errno{EOPNOTSUPP};
    return {};
}

}  // namespace

SYSCALL(read, int fd, mm::UserBuffer data, size_t count) {
    const RefPtr<File> file = TRY(file_to_read(fd));
    IoBuffer buffer;
    TRY(buffer.add_user(data.address(), count));
    return as_count(TRY(file->read_on(buffer)));
}

SYSCALL(write, int fd, mm::UserBuffer data, size_t count) {
    const RefPtr<File> file = TRY(file_to_write(fd));
    IoBuffer buffer;
    TRY(buffer.add_user(data.address(), count));
    prepare_writing(*file, buffer);
    return written(buffer.file_size_limit(), file->write_on(buffer));
}

SYSCALL(readv, int fd, mm::UserBuffer vector, size_t pieces) {
    return read_vector(fd, vector, pieces);
}

SYSCALL(writev, int fd, mm::UserBuffer vector, size_t pieces) {
    return write_vector(fd, vector, pieces);
}

SYSCALL(pread64, int fd, mm::UserBuffer data, size_t count, int64_t position) {
    const RefPtr<File> file = TRY(file_with_position(fd, position));
    if (!file->is_readable()) return Errno{EBADF};
    IoBuffer buffer;
    TRY(buffer.add_user(data.address(), count));
    TRY(check_range(position, count));
    return as_count(TRY(file->read(buffer, static_cast<uint64_t>(position))));
}

SYSCALL(pwrite64, int fd, mm::UserBuffer data, size_t count, int64_t position) {
    const RefPtr<File> file = TRY(file_with_position(fd, position));
    if (!file->is_writable()) return Errno{EBADF};
    IoBuffer buffer;
    TRY(buffer.add_user(data.address(), count));
    TRY(check_range(position, count));
    prepare_writing(*file, buffer);
    return written(buffer.file_size_limit(), file->write(buffer, static_cast<uint64_t>(position)));
}

// The position of these has a second half for CPUs of 32 bits, which does not count here.
SYSCALL(preadv, int fd, mm::UserBuffer vector, size_t pieces, int64_t position) {
    return read_vector_at(fd, vector, pieces, position);
}

SYSCALL(pwritev, int fd, mm::UserBuffer vector, size_t pieces, int64_t position) {
    return write_vector_at(fd, vector, pieces, position);
}

SYSCALL(preadv2, int fd, mm::UserBuffer vector, size_t pieces, int64_t position, uint64_t,
        unsigned flags) {
    TRY(check_hints(flags));
    if (position == -1) return read_vector(fd, vector, pieces);
    return read_vector_at(fd, vector, pieces, position);
}

SYSCALL(pwritev2, int fd, mm::UserBuffer vector, size_t pieces, int64_t position, uint64_t,
        unsigned flags) {
    TRY(check_hints(flags));
    if (position == -1) return write_vector(fd, vector, pieces);
    return write_vector_at(fd, vector, pieces, position);
}

SYSCALL(lseek, int fd, int64_t offset, unsigned whence) {
    const RefPtr<File> file = TRY(open_file(fd));
    if (whence > SEEK_HOLE) return Errno{EINVAL};
    return static_cast<long>(TRY(file->seek_on(offset, static_cast<int>(whence))));
}

SYSCALL(getdents64, int fd, mm::UserBuffer entries, unsigned size) {
    const RefPtr<File> file = TRY(open_file(fd));
    DirectoryFile* directory = file->as_directory();
    if (directory == nullptr) return Errno{ENOTDIR};
    IoBuffer buffer;
    TRY(buffer.add_user(entries.address(), size));
    return as_count(TRY(directory->list(buffer)));
}

// sendfile(2): without an offset, `in` is read at its own position.
SYSCALL(sendfile, int out_fd, int in_fd, mm::UserPtr<int64_t> offset, size_t count) {
    int64_t position = 0;
    if (!offset.is_null()) TRY(offset.read_into(position));
    const RefPtr<File> in = TRY(file_to_read(in_fd));
    if (!offset.is_null() && !in->has_position()) return Errno{ESPIPE};
    if (offset.is_null()) position = static_cast<int64_t>(in->position());
    TRY(check_range(position, count));
    const RefPtr<File> out = TRY(file_to_write(out_fd));
    const RefPtr<mm::PageSource> pages = in->pages();
    if (!pages || (out->flags() & O_APPEND) != 0) return Errno{EINVAL};
    if (count > IoBuffer::kMostBytes) count = IoBuffer::kMostBytes;
    const auto begin = static_cast<uint64_t>(position);
    const uint64_t limit = core::current_limits().soft(RLIMIT_FSIZE);
    auto done = send_pages(*pages, in->node().size(), begin, count, *out, limit);
    const long sent = TRY(written(limit, std::move(done)));
    position += sent;
    if (!offset.is_null()) {
        TRY(offset.write(position));
    } else {
        in->set_position(static_cast<uint64_t>(position));
    }
    return sent;
}

SYSCALL(getrandom, mm::UserBuffer data, size_t count, unsigned flags) {
    if ((flags & ~unsigned{GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE}) != 0) return Errno{EINVAL};
    constexpr unsigned kContrary = GRND_RANDOM | GRND_INSECURE;
    if ((flags & kContrary) == kContrary) return Errno{EINVAL};
    // Unlike read(2), it looks only at as much of the buffer as one call can fill.
    if (count > IoBuffer::kMostBytes) count = IoBuffer::kMostBytes;
    IoBuffer buffer;
    TRY(buffer.add_user(data.address(), count));
    return as_count(TRY(read_random(buffer)));
}

SYSCALL(ioctl, int fd, unsigned request, uint64_t argument) {
    const RefPtr<File> file = TRY(open_file(fd));
    switch (request) {
        case FIOCLEX: TRY(descriptors().set_on_exec(Fd{fd}, OnExec::kClose)); return 0;
        case FIONCLEX: TRY(descriptors().set_on_exec(Fd{fd}, OnExec::kKeep)); return 0;
        case FIONBIO: return set_non_blocking(*file, mm::UserPtr<int>(argument));
        default: return file->control(request, argument);
    }
}

}  // namespace fs
