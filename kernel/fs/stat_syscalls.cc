// The calls that ask what a path or a descriptor leads to: fstat(2), newfstatat(2), statx(2).
#include <asm/stat.h>
#include <linux/fcntl.h>

#include "abi/stat.h"
#include "core/clock.h"
#include "entry/syscall.h"
#include "fs/caller.h"

namespace fs {

namespace {

constexpr unsigned kBlock = 4096;  // what stdio reads at a time

constexpr int64_t kNsPerSecond = core::kNsPerSecond;

// Seconds are rounded down, also before the epoch.
int64_t seconds_of(int64_t ns) { return ns / kNsPerSecond - (ns % kNsPerSecond < 0 ? 1 : 0); }
int64_t rest_of(int64_t ns) { return ns - seconds_of(ns) * kNsPerSecond; }

template <typename Seconds, typename Rest>
void set_time(Seconds& seconds, Rest& rest, int64_t ns) {
    seconds = static_cast<Seconds>(seconds_of(ns));
    rest = static_cast<Rest>(rest_of(ns));
}

statx_timestamp timestamp(int64_t ns) {
    return {
        .tv_sec = seconds_of(ns), .tv_nsec = static_cast<uint32_t>(rest_of(ns)), .__reserved = 0};
}

struct stat describe(const Node& node) {
    struct stat result = {};
    result.st_dev = static_cast<unsigned long>(node.file_system);
    result.st_ino = node.number;
    const Attributes attributes = node.attributes();
    result.st_mode = node.type | attributes.permissions;
    result.st_uid = attributes.uid;
    result.st_gid = attributes.gid;
    set_time(result.st_atime, result.st_atime_nsec, attributes.accessed_ns);
    set_time(result.st_mtime, result.st_mtime_nsec, attributes.modified_ns);
    set_time(result.st_ctime, result.st_ctime_nsec, attributes.changed_ns);
    result.st_nlink = static_cast<decltype(result.st_nlink)>(node.links());
    result.st_rdev = node.device();
    result.st_size = static_cast<long>(node.size());
    result.st_blksize = kBlock;
    result.st_blocks = static_cast<long>(node.sectors());
    return result;
}

struct statx describe_extended(const Node& node) {
    struct statx result = {};
    result.stx_mask = STATX_BASIC_STATS;
    result.stx_blksize = kBlock;
    result.stx_nlink = static_cast<uint32_t>(node.links());
    const Attributes attributes = node.attributes();
    result.stx_mode = static_cast<uint16_t>(node.type | attributes.permissions);
    result.stx_uid = attributes.uid;
    result.stx_gid = attributes.gid;
    result.stx_atime = timestamp(attributes.accessed_ns);
    result.stx_mtime = timestamp(attributes.modified_ns);
    result.stx_ctime = timestamp(attributes.changed_ns);
    result.stx_ino = node.number;
    result.stx_size = node.size();
    result.stx_blocks = node.sectors();
    result.stx_rdev_major = static_cast<uint32_t>(node.device() >> 8);
    result.stx_rdev_minor = static_cast<uint32_t>(node.device() & 0xff);
    result.stx_dev_minor = static_cast<uint32_t>(node.file_system);
    return result;
}

constexpr unsigned kFlags =
    AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE;

Result<RefPtr<Node>> node_for(int fd, mm::UserString path, unsigned flags) {
    PathArgument argument;
    const bool may_be_empty = (flags & AT_EMPTY_PATH) != 0;
    TRY(argument.read(path, may_be_empty ? EmptyPath::kAllowed : EmptyPath::kRefused));
    const bool keeps_link = (flags & AT_SYMLINK_NOFOLLOW) != 0;
    return node_at(fd, argument.text(), keeps_link ? LastLink::kKeep : LastLink::kFollow);
}

}  // namespace

SYSCALL(fstat, int fd, mm::UserPtr<struct stat> result) {
    const RefPtr<File> file = TRY(descriptors().find(Fd{fd}));
    TRY(result.write(describe(file->node())));
    return 0;
}

SYSCALL(newfstatat, int fd, mm::UserString path, mm::UserPtr<struct stat> result, unsigned flags) {
    if ((flags & ~kFlags) != 0) return Errno{EINVAL};
    const RefPtr<Node> node = TRY(node_for(fd, path, flags));
    TRY(result.write(describe(*node)));
    return 0;
}

SYSCALL(statx, int fd, mm::UserString path, unsigned flags, unsigned mask,
        mm::UserPtr<struct statx> result) {
    if ((mask & STATX__RESERVED) != 0) return Errno{EINVAL};
    if ((flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE) return Errno{EINVAL};
    if ((flags & ~kFlags) != 0) return Errno{EINVAL};
    const RefPtr<Node> node = TRY(node_for(fd, path, flags));
    TRY(result.write(describe_extended(*node)));
    return 0;
}

// Calls that only older CPUs have.
#ifdef __NR_stat
static Result<long> look_at(mm::UserString path, mm::UserPtr<struct stat> result, unsigned flags) {
    const RefPtr<Node> node = TRY(node_for(AT_FDCWD, path, flags));
    TRY(result.write(describe(*node)));
    return 0;
}
SYSCALL(stat, mm::UserString path, mm::UserPtr<struct stat> result) {
    return look_at(path, result, 0);
}
SYSCALL(lstat, mm::UserString path, mm::UserPtr<struct stat> result) {
    return look_at(path, result, AT_SYMLINK_NOFOLLOW);
}
#endif

}  // namespace fs
