// The calls that give names and take them away: mkdir(2), mknod(2), symlink(2), link(2), unlink(2),
// rmdir(2), rename(2). Checks stand in Linux's order; those of the directory itself are in ram_node.h.
#include <linux/fcntl.h>
#include <linux/fs.h>

#include "entry/syscall.h"
#include "fs/caller.h"
#include "fs/permission.h"
#include "fs/ram/node.h"

namespace fs {

namespace {

// Where a call finds or puts a name, and the path that it lies in.
struct NamedPlace {
    PathArgument argument;
    Place place;
};

Result<void> find_name(NamedPlace& found, int fd, mm::UserString path) {
    TRY(found.argument.read(path));
    const lib::Text text = found.argument.text();
    const RefPtr<Node> start = TRY(start_of(fd, text));
    found.place = TRY(find_place(viewpoint(), start, text, LastLink::kName));
    return {};
}

// The directory, if its names can be changed. Linux's /proc has no way to change them.
Result<RamDirectory*> changeable(const Place& place) {
    RamDirectory* directory = place.directory->as_ram_directory();
    if (directory != nullptr) return directory;
    return Errno{place.directory->file_system == FileSystem::kProc ? EPERM : EROFS};
}

// What all calls that make something say about the place: nothing may stand there, and only a directory's
// name may have a slash behind it.
Result<void> check_free(const Place& place, uint32_t type) {
    if (place.last != LastName::kName || place.node) return Errno{EEXIST};
    if (place.directory->file_system == FileSystem::kProc) return Errno{ENOENT};
    if (place.ends_with_slash && type != S_IFDIR) return Errno{ENOENT};
    return {};
}

Result<long> make(int fd, mm::UserString path, const NewNode& wanted) {
    NamedPlace found;
    TRY(find_name(found, fd, path));
    TRY(check_free(found.place, wanted.mode & S_IFMT));
    RamDirectory* directory = TRY(changeable(found.place));
    TRY(directory->create(found.place.name, wanted, credentials()));
    return 0;
}

Result<long> make_directory(int fd, mm::UserString path, uint32_t permissions) {
    const uint32_t allowed = permissions & 01777 & ~context().mask();
    return make(fd, path, {.mode = S_IFDIR | allowed});
}

// mknod(2): devices are for the superuser.
Result<long> make_special(int fd, mm::UserString path, uint32_t mode, unsigned device) {
    const uint32_t type = (mode & S_IFMT) == 0 ? S_IFREG : mode & S_IFMT;
    const bool is_device = type == S_IFCHR || type == S_IFBLK;
    if (type == S_IFDIR) return Errno{EPERM};
    if (!is_device && type != S_IFREG && type != S_IFIFO && type != S_IFSOCK) return Errno{EINVAL};
    NamedPlace found;
    TRY(find_name(found, fd, path));
    TRY(check_free(found.place, type));
    RamDirectory* directory = TRY(changeable(found.place));
    TRY(check_permission(*directory, kMayWrite | kMayExecute, credentials()));
    if (is_device && !is_superuser(credentials())) return Errno{EPERM};
    const NewNode wanted = {.mode = type | (mode & 07777 & ~context().mask()),
                            .device = is_device ? device : 0};
    TRY(directory->create(found.place.name, wanted, credentials()));
    return 0;
}

Result<long> make_link(mm::UserString target, int fd, mm::UserString path) {
    PathArgument argument;
    TRY(argument.read(target));
    return make(fd, path, {.mode = S_IFLNK | 0777, .target = argument.text()});
}

Result<long> add_name(int old_fd, mm::UserString old_path, int new_fd, mm::UserString new_path,
                      unsigned flags) {
    if ((flags & ~unsigned{AT_SYMLINK_FOLLOW | AT_EMPTY_PATH}) != 0) return Errno{EINVAL};
    const bool may_be_empty = (flags & AT_EMPTY_PATH) != 0;
    if (may_be_empty && !is_superuser(credentials())) return Errno{ENOENT};
    PathArgument argument;
    TRY(argument.read(old_path, may_be_empty ? EmptyPath::kAllowed : EmptyPath::kRefused));
    const bool follows = (flags & AT_SYMLINK_FOLLOW) != 0;
    RefPtr<Node> node =
        TRY(node_at(old_fd, argument.text(), follows ? LastLink::kFollow : LastLink::kKeep));
    NamedPlace found;
    TRY(find_name(found, new_fd, new_path));
    TRY(check_free(found.place, S_IFREG));
    if (found.place.directory->file_system != node->file_system) return Errno{EXDEV};
    RamDirectory* directory = TRY(changeable(found.place));
    TRY(check_permission(*directory, kMayWrite | kMayExecute, credentials()));
    if (node->is_directory()) return Errno{EPERM};
    if (node->links() == 0) return Errno{ENOENT};  // open, but removed
    TRY(directory->add_child(found.place.name, std::move(node), credentials()));
    return 0;
}

Result<long> remove_file(int fd, mm::UserString path) {
    NamedPlace found;
    TRY(find_name(found, fd, path));
    const Place& place = found.place;
    if (place.last != LastName::kName) return Errno{EISDIR};
    if (!place.node) return Errno{ENOENT};
    if (place.ends_with_slash) return Errno{place.node->is_directory() ? EISDIR : ENOTDIR};
    TRY(TRY(changeable(place))->remove(place.name, RamDirectory::Kind::kFile, credentials()));
    return 0;
}

Result<long> remove_directory(int fd, mm::UserString path) {
    NamedPlace found;
    TRY(find_name(found, fd, path));
    const Place& place = found.place;
    switch (place.last) {
        case LastName::kRoot: return Errno{EBUSY};
        case LastName::kDot: return Errno{EINVAL};
        case LastName::kDotDot: return Errno{ENOTEMPTY};
        case LastName::kName: break;
    }
    if (!place.node) return Errno{ENOENT};
    TRY(TRY(changeable(place))->remove(place.name, RamDirectory::Kind::kDirectory, credentials()));
    return 0;
}

Result<long> rename(int old_fd, mm::UserString old_path, int new_fd, mm::UserString new_path,
                    unsigned flags) {
    if ((flags & ~unsigned{RENAME_NOREPLACE | RENAME_EXCHANGE}) != 0) return Errno{EINVAL};
    if (flags == (RENAME_NOREPLACE | RENAME_EXCHANGE)) return Errno{EINVAL};
    NamedPlace from, to;
    TRY(find_name(from, old_fd, old_path));
    TRY(find_name(to, new_fd, new_path));
    if (from.place.directory->file_system != to.place.directory->file_system) return Errno{EXDEV};
    if (from.place.last != LastName::kName) return Errno{EBUSY};
    const bool keeps = (flags & RENAME_NOREPLACE) != 0;
    if (to.place.last != LastName::kName) return Errno{keeps ? EEXIST : EBUSY};
    TRY(RamDirectory::rename({.from = *TRY(changeable(from.place)),
                              .old_name = from.place.name,
                              .old_has_slash = from.place.ends_with_slash,
                              .to = *TRY(changeable(to.place)),
                              .new_name = to.place.name,
                              .new_has_slash = to.place.ends_with_slash,
                              .flags = flags},
                             credentials()));
    return 0;
}

}  // namespace

SYSCALL(mkdirat, int fd, mm::UserString path, uint32_t permissions) {
    return make_directory(fd, path, permissions);
}

SYSCALL(mknodat, int fd, mm::UserString path, uint32_t mode, unsigned device) {
    return make_special(fd, path, mode, device);
}

SYSCALL(symlinkat, mm::UserString target, int fd, mm::UserString path) {
    return make_link(target, fd, path);
}

SYSCALL(linkat, int old_fd, mm::UserString old_path, int new_fd, mm::UserString new_path,
        unsigned flags) {
    return add_name(old_fd, old_path, new_fd, new_path, flags);
}

SYSCALL(unlinkat, int fd, mm::UserString path, int flags) {
    if ((flags & ~AT_REMOVEDIR) != 0) return Errno{EINVAL};
    return flags == 0 ? remove_file(fd, path) : remove_directory(fd, path);
}

SYSCALL(renameat2, int old_fd, mm::UserString old_path, int new_fd, mm::UserString new_path,
        unsigned flags) {
    return rename(old_fd, old_path, new_fd, new_path, flags);
}

// Calls that only older CPUs have.
#ifdef __NR_renameat
SYSCALL(renameat, int old_fd, mm::UserString old_path, int new_fd, mm::UserString new_path) {
    return rename(old_fd, old_path, new_fd, new_path, 0);
}
#endif
#ifdef __NR_mkdir
SYSCALL(mkdir, mm::UserString path, uint32_t permissions) {
    return make_directory(AT_FDCWD, path, permissions);
}
SYSCALL(mknod, mm::UserString path, uint32_t mode, unsigned device) {
    return make_special(AT_FDCWD, path, mode, device);
}
SYSCALL(symlink, mm::UserString target, mm::UserString path) {
    return make_link(target, AT_FDCWD, path);
}
SYSCALL(link, mm::UserString old_path, mm::UserString new_path) {
    return add_name(AT_FDCWD, old_path, AT_FDCWD, new_path, 0);
}
SYSCALL(unlink, mm::UserString path) { return remove_file(AT_FDCWD, path); }
SYSCALL(rmdir, mm::UserString path) { return remove_directory(AT_FDCWD, path); }
SYSCALL(rename, mm::UserString old_path, mm::UserString new_path) {
    return rename(AT_FDCWD, old_path, AT_FDCWD, new_path, 0);
}
#endif

}  // namespace fs
