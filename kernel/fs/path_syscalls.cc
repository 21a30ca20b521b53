// The calls that take a path and open or go there: openat(2), chdir(2), getcwd(2), readlinkat(2),
// faccessat(2). (stat_syscalls.cc has those that ask what is there.)
#include <linux/fcntl.h>

#include "entry/syscall.h"
#include "fs/caller.h"
#include "fs/permission.h"
#include "lib/make.h"

namespace fs {

namespace {

// Of open(2)'s flags, those that any Linux knows; the others are ignored.
constexpr unsigned kKnown = O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND |
                            O_NONBLOCK | O_SYNC | FASYNC | O_DIRECT | O_LARGEFILE | O_DIRECTORY |
                            O_NOFOLLOW | O_NOATIME | O_CLOEXEC | O_PATH | __O_TMPFILE;
constexpr unsigned kForPlaces = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
// What has an effect while a file is opened, and none later.
constexpr unsigned kForOpening = O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC;

// What open(2) asks of the node's permissions. Access mode 3 is for ioctl(2) alone, and asks for both.
unsigned access_wanted(unsigned flags) {
    constexpr unsigned kWanted[] = {kMayRead, kMayWrite, kMayRead | kMayWrite,
                                    kMayRead | kMayWrite};
    const unsigned wanted = kWanted[flags & O_ACCMODE];
    return (flags & O_TRUNC) != 0 ? wanted | kMayWrite : wanted;
}

Result<unsigned> check_flags(unsigned flags) {
    flags = (flags & kKnown) | O_LARGEFILE;  // Linux shows it on every CPU of 64 bits
    if ((flags & O_PATH) != 0) return flags & kForPlaces;
    constexpr unsigned kDirectoryMade = O_CREAT | O_DIRECTORY;
    if ((flags & __O_TMPFILE) != 0) {
        const bool writes = (flags & O_ACCMODE) != O_RDONLY;
        if ((flags & kDirectoryMade) != O_DIRECTORY || !writes) return Errno{EINVAL};
    } else if ((flags & kDirectoryMade) == kDirectoryMade) {
        return Errno{EINVAL};
    }
    return flags;
}

// What Linux says about a file that exists: man page open(2), "ERRORS".
Result<void> check_found(const Place& place, unsigned flags, const core::Credentials& who) {
    const Node& node = *place.node;
    if ((flags & O_CREAT) != 0) {
        if ((flags & O_EXCL) != 0) return Errno{EEXIST};
        if (node.is_directory() || place.ends_with_slash) return Errno{EISDIR};
    }
    if ((flags & O_DIRECTORY) != 0 && !node.is_directory()) return Errno{ENOTDIR};
    if ((flags & O_PATH) != 0) return {};
    if (node.is_symbolic_link()) return Errno{ELOOP};  // O_NOFOLLOW
    if ((flags & __O_TMPFILE) != 0) return Errno{node.is_read_only() ? EROFS : EOPNOTSUPP};
    const unsigned wanted = access_wanted(flags);
    if (node.is_directory() && (wanted & kMayWrite) != 0) return Errno{EISDIR};
    TRY(check_permission(node, wanted, who));
    if ((flags & O_NOATIME) != 0 && !owns(node.attributes(), who)) return Errno{EPERM};
    return {};
}

Result<RefPtr<File>> open_found(const Place& place, unsigned flags, const core::Credentials& who) {
    TRY(check_found(place, flags, who));
    if ((flags & O_PATH) != 0) {
        return make_file<File>(place.node, flags & ~unsigned{O_CLOEXEC});
    }
    RefPtr<File> file = TRY(place.node->open(flags & ~kForOpening));
    if ((flags & O_TRUNC) != 0 && place.node->is_regular()) {
        TRY(as_writer(*place.node, [&] { return place.node->resize(0); }));
    }
    return file;
}

// Whoever makes a file may do with it what the call asks for, whatever its permissions say.
Result<RefPtr<File>> open_new(const Place& place, unsigned flags, uint32_t permissions,
                              const core::Credentials& who) {
    if (place.ends_with_slash) return Errno{EISDIR};
    const NewNode wanted = {S_IFREG | (permissions & 07777 & ~context().mask())};
    RefPtr<Node> node = TRY(place.directory->make_child(wanted, who));
    RefPtr<File> file = TRY(node->open(flags & ~kForOpening));
    TRY(place.directory->add_child(place.name, std::move(node),
                                   who));  // nothing can fail from here
    return file;
}

Result<RefPtr<File>> open_path(const RefPtr<Node>& start, lib::Text path, unsigned flags,
                               uint32_t permissions) {
    const Viewpoint seen = viewpoint();
    const bool is_exclusive = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
    const bool keeps_link = (flags & O_NOFOLLOW) != 0 || is_exclusive;
    for (;;) {
        const Place place =
            TRY(find_place(seen, start, path, keeps_link ? LastLink::kKeep : LastLink::kFollow));
        if (place.node) return open_found(place, flags, seen.credentials);
        if ((flags & O_CREAT) == 0) return Errno{ENOENT};
        auto file = open_new(place, flags, permissions, seen.credentials);
        // Somebody else was faster: then it is there.
        if (!file && file.error() == Errno{EEXIST} && !is_exclusive) continue;
        return file;
    }
}

Result<long> open_at(int fd, mm::UserString path, unsigned wanted, uint32_t permissions) {
    const unsigned flags = TRY(check_flags(wanted));
    PathArgument argument;
    TRY(argument.read(path));
    const Fd made = TRY(descriptors().reserve(0, descriptor_limit()));
    auto start = start_of(fd, argument.text());
    auto file = start ? open_path(*start, argument.text(), flags, permissions) : start.error();
    if (!file) {
        descriptors().cancel(made);
        return file.error();
    }
    const bool closes = (flags & O_CLOEXEC) != 0;
    descriptors().publish(made, file.take(), closes ? OnExec::kClose : OnExec::kKeep);
    return made.value();
}

Result<long> read_link(int fd, mm::UserString path, mm::UserBuffer target, int size) {
    if (size <= 0) return Errno{EINVAL};
    PathArgument argument;
    TRY(argument.read(path, EmptyPath::kAllowed));
    const bool is_empty = argument.text().empty();
    if (is_empty && fd == AT_FDCWD) return Errno{ENOENT};
    const RefPtr<Node> node = TRY(node_at(fd, argument.text(), LastLink::kKeep));
    if (!node->is_symbolic_link()) return Errno{is_empty ? ENOENT : EINVAL};
    const lib::Text text = TRY(node->target()).first(static_cast<size_t>(size));
    TRY(target.write_from({reinterpret_cast<const uint8_t*>(text.data()), text.size()}, 0));
    return static_cast<long>(text.size());
}

constexpr int kAccessFlags = AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH;

// access(2) asks for whoever started the program, unless AT_EACCESS says otherwise.
Result<long> check_access(int fd, mm::UserString path, unsigned mode, int flags) {
    if ((mode & ~(kMayRead | kMayWrite | kMayExecute)) != 0) return Errno{EINVAL};
    if ((flags & ~kAccessFlags) != 0) return Errno{EINVAL};
    Viewpoint seen = viewpoint();
    if ((flags & AT_EACCESS) == 0) {
        seen.credentials.fsuid = seen.credentials.uid;
        seen.credentials.fsgid = seen.credentials.gid;
    }
    PathArgument argument;
    TRY(argument.read(path,
                      (flags & AT_EMPTY_PATH) != 0 ? EmptyPath::kAllowed : EmptyPath::kRefused));
    const RefPtr<Node> start = TRY(start_of(fd, argument.text()));
    const bool keeps_link = (flags & AT_SYMLINK_NOFOLLOW) != 0;
    const RefPtr<Node> node = TRY(
        node_from(seen, start, argument.text(), keeps_link ? LastLink::kKeep : LastLink::kFollow));
    if (mode != 0) TRY(check_permission(*node, mode, seen.credentials));
    return 0;
}

Result<long> go_to(RefPtr<Node> node) {
    if (!node->is_directory()) return Errno{ENOTDIR};
    TRY(check_permission(*node, kMayExecute, credentials()));
    context().set_working(std::move(node));
    return 0;
}

}  // namespace

SYSCALL(openat, int fd, mm::UserString path, unsigned flags, uint32_t permissions) {
    return open_at(fd, path, flags, permissions);
}

SYSCALL(readlinkat, int fd, mm::UserString path, mm::UserBuffer target, int size) {
    return read_link(fd, path, target, size);
}

SYSCALL(faccessat, int fd, mm::UserString path, unsigned mode) {
    return check_access(fd, path, mode, 0);
}

SYSCALL(faccessat2, int fd, mm::UserString path, unsigned mode, int flags) {
    return check_access(fd, path, mode, flags);
}

SYSCALL(chdir, mm::UserString path) {
    PathArgument argument;
    TRY(argument.read(path));
    return go_to(TRY(node_at(AT_FDCWD, argument.text(), LastLink::kFollow)));
}

SYSCALL(fchdir, int fd) { return go_to(TRY(descriptors().find(Fd{fd}))->share_node()); }

// getcwd(2): returns the length with the NUL.
SYSCALL(getcwd, mm::UserBuffer buffer, size_t size) {
    struct Bytes {
        char bytes[kLongestPath];
    };
    const UniquePtr<Bytes> bytes = TRY(lib::make<Bytes>());
    const Viewpoint seen = viewpoint();
    const lib::Text path = TRY(path_of(seen, seen.working, bytes->bytes));
    const size_t length = path.size() + 1;
    if (length > size) return Errno{ERANGE};
    TRY(buffer.write_from({reinterpret_cast<const uint8_t*>(path.data()), length}, 0));
    return static_cast<long>(length);
}

// Calls that only older CPUs have.
#ifdef __NR_open
SYSCALL(open, mm::UserString path, unsigned flags, uint32_t permissions) {
    return open_at(AT_FDCWD, path, flags, permissions);
}
#endif
#ifdef __NR_creat
SYSCALL(creat, mm::UserString path, uint32_t permissions) {
    return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, permissions);
}
#endif
#ifdef __NR_readlink
SYSCALL(readlink, mm::UserString path, mm::UserBuffer target, int size) {
    return read_link(AT_FDCWD, path, target, size);
}
#endif
#ifdef __NR_access
SYSCALL(access, mm::UserString path, unsigned mode) {
    return check_access(AT_FDCWD, path, mode, 0);
}
#endif

}  // namespace fs
