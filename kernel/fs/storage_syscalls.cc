// What a file system says of itself, statfs(2), and calls that write to a disk what is only in memory:
// fsync(2), sync(2). Here memory is all there is.
#include <asm/statfs.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>

#include "entry/syscall.h"
#include "fs/caller.h"
#include "fs/ram/file.h"
#include "mm/frames.h"

namespace fs {

namespace {

struct statfs describe(FileSystem file_system) {
    struct statfs result = {};
    result.f_type = file_system == FileSystem::kProc ? PROC_SUPER_MAGIC : TMPFS_MAGIC;
    result.f_bsize = result.f_frsize = arch::kPageSize;
    result.f_namelen = kLongestName;
    result.f_fsid.val[0] = static_cast<int>(file_system);
    if (file_system != FileSystem::kRoot) return result;
    const RamUsage usage = ram_usage();
    const uint64_t free = usage.pages < usage.most_pages ? usage.most_pages - usage.pages : 0;
    const uint64_t memory = mm::count_frames().free;
    result.f_blocks = static_cast<long>(usage.most_pages);
    result.f_bfree = result.f_bavail = static_cast<long>(free < memory ? free : memory);
    return result;
}

}  // namespace

SYSCALL(statfs, mm::UserString path, mm::UserPtr<struct statfs> result) {
    PathArgument argument;
    TRY(argument.read(path));
    const RefPtr<Node> node = TRY(node_at(AT_FDCWD, argument.text(), LastLink::kFollow));
    TRY(result.write(describe(node->file_system)));
    return 0;
}

SYSCALL(fstatfs, int fd, mm::UserPtr<struct statfs> result) {
    const RefPtr<File> file = TRY(descriptors().find(Fd{fd}));
    TRY(result.write(describe(file->node().file_system)));
    return 0;
}

// What cannot be kept anywhere, a device for example, says EINVAL.
static Result<long> keep(int fd) {
    const RefPtr<File> file = TRY(open_file(fd));
    const Node& node = file->node();
    if (!node.is_changeable() || !(node.is_regular() || node.is_directory())) return Errno{EINVAL};
    return 0;
}

SYSCALL(fsync, int fd) { return keep(fd); }
SYSCALL(fdatasync, int fd) { return keep(fd); }

SYSCALL(sync) { return 0; }

SYSCALL(syncfs, int fd) {
    TRY(open_file(fd));
    return 0;
}

}  // namespace fs
