// Contract: fs/file.h.
#include "fs/file.h"

#include <asm/ioctls.h>
#include <asm/poll.h>
#include <linux/fcntl.h>
#include <linux/fs.h>

#include <cstring>

#include "fs/page_cache.h"

namespace fs {

namespace {

// What fcntl(2) says F_SETFL can change; O_ASYNC and O_DIRECT stay what they are.
constexpr unsigned kChangeable = O_APPEND | O_NONBLOCK | O_NOATIME;

}  // namespace

void File::set_status_flags(unsigned flags) {
    flags_.store((this->flags() & ~kChangeable) | (flags & kChangeable));
}

bool File::is_path_only() const { return (flags() & O_PATH) != 0; }

bool File::is_readable() const {
    const unsigned access = flags() & O_ACCMODE;
    return !is_path_only() && (access == O_RDONLY || access == O_RDWR);
}

bool File::is_writable() const {
    const unsigned access = flags() & O_ACCMODE;
    return !is_path_only() && (access == O_WRONLY || access == O_RDWR);
}

Result<size_t> File::read(mm::IoBuffer& to, uint64_t position) {
    const RefPtr<mm::PageSource> source = pages();
    if (!source) return Errno{EINVAL};
    if ((flags() & O_NOATIME) == 0) node_->note_access();
    return read_pages(*source, node_->size(), to, position);
}

Result<size_t> File::write(mm::IoBuffer&, uint64_t) { return Errno{EINVAL}; }

Result<size_t> File::write_moving(mm::IoBuffer& from, uint64_t& position) {
    const size_t done = TRY(write(from, position));
    position += done;
    return done;
}

unsigned File::events() { return POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM; }

Result<long> File::control(unsigned request, uint64_t argument) {
    if (request != FIONREAD || !node_->is_regular()) return Errno{ENOTTY};
    const auto left = static_cast<int64_t>(node_->size() - position());
    TRY(mm::UserPtr<int>(argument).write(static_cast<int>(left)));
    return 0;
}

Result<uint64_t> File::seek_on(int64_t offset, int whence) {
    sync::MutexGuard guard(moving_);
    return seek(offset, whence);
}

Result<uint64_t> File::seek(int64_t offset, int whence) {
    const auto size = static_cast<int64_t>(node_->size());
    int64_t base = 0;
    switch (whence) {
        case SEEK_SET: break;
        case SEEK_CUR: base = static_cast<int64_t>(position()); break;
        case SEEK_END: base = size; break;
        // There are no holes: data is everywhere, and the only hole begins at the end.
        case SEEK_DATA:
        case SEEK_HOLE:
            if (offset < 0 || offset >= size) return Errno{ENXIO};
            if (whence == SEEK_HOLE) offset = size;
            break;
        default: return Errno{EINVAL};
    }
    int64_t target;
    if (__builtin_add_overflow(base, offset, &target)) return Errno{EOVERFLOW};
    if (target < 0) return Errno{EINVAL};
    set_position(static_cast<uint64_t>(target));
    return static_cast<uint64_t>(target);
}

Result<size_t> File::read_on(mm::IoBuffer& to) {
    if (!has_position()) return read(to, 0);
    sync::MutexGuard guard(moving_);
    const uint64_t before = position();
    const size_t done = TRY(read(to, before));
    set_position(before + done);
    return done;
}

Result<size_t> File::write_on(mm::IoBuffer& from) {
    if (!has_position()) return write(from, 0);
    sync::MutexGuard guard(moving_);
    uint64_t at = position();
    const size_t done = TRY(write_moving(from, at));
    set_position(at);
    return done;
}

Result<uint64_t> DirectoryFile::seek(int64_t offset, int whence) {
    if (whence == SEEK_CUR) offset += static_cast<int64_t>(position());
    if ((whence != SEEK_SET && whence != SEEK_CUR) || offset < 0) return Errno{EINVAL};
    set_position(static_cast<uint64_t>(offset));
    return static_cast<uint64_t>(offset);
}

namespace {

// struct linux_dirent64 of getdents64(2), which no UAPI header declares.
struct Record {
    uint64_t number;
    int64_t next;
    uint16_t size;
    uint8_t type;
    char name[kLongestName + 1];
};
constexpr size_t kHead = offsetof(Record, name);

// Effect: writes the record, padded with zeros to a multiple of eight bytes; returns its size.
size_t make_record(const DirectoryEntry& entry, Record& record) {
    const size_t size = (kHead + entry.name_size + 1 + 7) & ~size_t{7};
    memset(&record, 0, sizeof(record));
    record.number = entry.number;
    record.next = static_cast<int64_t>(entry.next);
    record.size = static_cast<uint16_t>(size);
    record.type = static_cast<uint8_t>(entry.type >> 12);  // DT_DIR is S_IFDIR >> 12 …
    memcpy(record.name, entry.name, entry.name_size);
    return size;
}

}  // namespace

Result<size_t> DirectoryFile::list(mm::IoBuffer& to) {
    sync::MutexGuard guard(moving_);
    node().note_access();
    size_t done = 0;
    DirectoryEntry entry;
    while (TRY(node().entry_at(position(), entry))) {
        Record record;
        const size_t size = make_record(entry, record);
        if (size > to.left()) return done != 0 ? Result<size_t>(done) : Errno{EINVAL};
        const auto* bytes = reinterpret_cast<const uint8_t*>(&record);
        if (to.put({bytes, size}) < size) return mm::moved_or(done, EFAULT);
        done += size;
        set_position(entry.next);
    }
    return done;
}

}  // namespace fs
