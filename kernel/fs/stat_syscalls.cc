// The calls that ask what a path or a descriptor leads to: fstat(2), newfstatat(2), statx(2).
#include <asm/stat.h>
#include <linux/fcntl.h>

#include "abi/stat.h"
#include "entry/syscall.h"
#include "fs/caller.h"

namespace fs {

namespace {

constexpr unsigned kBlock = 4096;  // what stdio reads at a time

uint64_t sectors_of(const Node& node) { return node.is_regular() ? (node.size() + 511) / 512 : 0; }

// Times are those of the epoch: there is no clock that knows the date. Owner and group are root.
struct stat describe(const Node& node) {
    struct stat result = {};
    result.st_dev = static_cast<unsigned long>(node.file_system);
    result.st_ino = node.number;
    result.st_mode = node.mode;
    result.st_nlink = static_cast<decltype(result.st_nlink)>(node.links());
    result.st_rdev = node.device();
    result.st_size = static_cast<long>(node.size());
    result.st_blksize = kBlock;
    result.st_blocks = static_cast<long>(sectors_of(node));
    return result;
}

struct statx describe_extended(const Node& node) {
    struct statx result = {};
    result.stx_mask = STATX_BASIC_STATS;
    result.stx_blksize = kBlock;
    result.stx_nlink = static_cast<uint32_t>(node.links());
    result.stx_mode = static_cast<uint16_t>(node.mode);
    result.stx_ino = node.number;
    result.stx_size = node.size();
    result.stx_blocks = sectors_of(node);
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

}  // namespace fs
