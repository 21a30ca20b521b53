// The calls that change what stat(2) shows: chmod(2), chown(2), utimensat(2), truncate(2), fallocate(2), each
// with its kin; and umask(2), chroot(2). Checks stand in Linux's order.
#include <linux/falloc.h>
#include <linux/fcntl.h>
#include <linux/time_types.h>
#include <linux/utime.h>

#include "core/clock.h"
#include "entry/syscall.h"
#include "fs/caller.h"
#include "fs/permission.h"
#include "fs/ram/file.h"

namespace fs {

namespace {

int64_t now() { return static_cast<int64_t>(core::realtime_ns()); }

// The node of an …at call with flags of which `known` are allowed.
Result<RefPtr<Node>> node_for(int fd, mm::UserString path, unsigned flags, unsigned known) {
    if ((flags & ~known) != 0) return Errno{EINVAL};
    PathArgument argument;
    const bool may_be_empty = (flags & AT_EMPTY_PATH) != 0;
    TRY(argument.read(path, may_be_empty ? EmptyPath::kAllowed : EmptyPath::kRefused));
    const bool keeps_link = (flags & AT_SYMLINK_NOFOLLOW) != 0;
    return node_at(fd, argument.text(), keeps_link ? LastLink::kKeep : LastLink::kFollow);
}

Result<RefPtr<Node>> node_of(int fd) { return TRY(open_file(fd))->share_node(); }

Result<void> check_changeable(const Node& node) {
    if (node.is_read_only()) return Errno{EROFS};
    if (node.file_system == FileSystem::kProc) return Errno{EPERM};
    return {};
}

// Whoever is not in the file's group cannot make a program run in its name.
Result<long> change_mode(const RefPtr<Node>& node, uint32_t permissions) {
    TRY(check_changeable(*node));
    const core::Credentials& who = credentials();
    const Attributes before = node->attributes();
    if (!owns(before, who)) return Errno{EPERM};
    permissions &= 07777;
    if (!is_superuser(who) && !is_in_group(before.gid, who)) permissions &= ~uint32_t{S_ISGID};
    node->change_attributes([&](Attributes& attributes) {
        attributes.permissions = permissions;
        attributes.changed_ns = now();
    });
    return 0;
}

// Only the superuser gives files away; an owner may choose among the own groups (chown(2)). -1: keep it.
Result<long> change_owner(const RefPtr<Node>& node, uint32_t uid, uint32_t gid) {
    constexpr uint32_t kKeep = ~uint32_t{0};
    TRY(check_changeable(*node));
    const core::Credentials& who = credentials();
    const Attributes before = node->attributes();
    if (!is_superuser(who)) {
        const bool is_owner = before.uid == who.fsuid;
        if (uid != kKeep && !(is_owner && uid == before.uid)) return Errno{EPERM};
        const bool may_have = gid == before.gid || is_in_group(gid, who);
        if (gid != kKeep && !(is_owner && may_have)) return Errno{EPERM};
    }
    node->change_attributes([&](Attributes& attributes) {
        if (uid != kKeep) attributes.uid = uid;
        if (gid != kKeep) attributes.gid = gid;
        if (!node->is_directory()) drop_set_id(attributes);
        attributes.changed_ns = now();
    });
    return 0;
}

// ---- times ------------------------------------------------------------------------------------------

// utimensat(2), as tv_nsec: no header of Linux tells them to programs.
constexpr long UTIME_NOW = (1 << 30) - 1, UTIME_OMIT = (1 << 30) - 2;

// What utimensat(2) is asked for: times, UTIME_NOW or UTIME_OMIT.
struct NewTimes {
    __kernel_timespec accessed = {.tv_sec = 0, .tv_nsec = UTIME_NOW};
    __kernel_timespec modified = {.tv_sec = 0, .tv_nsec = UTIME_NOW};

    bool are_none() const { return both_are(UTIME_OMIT); }
    bool both_are(long special) const {
        return accessed.tv_nsec == special && modified.tv_nsec == special;
    }
};

bool is_valid(const __kernel_timespec& time) {
    const bool is_special = time.tv_nsec == UTIME_NOW || time.tv_nsec == UTIME_OMIT;
    return is_special || (time.tv_nsec >= 0 && time.tv_nsec < 1'000'000'000);
}

void set_time(int64_t& ns, const __kernel_timespec& time) {
    constexpr auto kSecond = static_cast<int64_t>(core::kNsPerSecond);
    constexpr int64_t kMost = INT64_MAX / kSecond - 1;  // in the year 2262
    if (time.tv_nsec == UTIME_OMIT) return;
    int64_t seconds = time.tv_sec;
    if (seconds > kMost) seconds = kMost;
    if (seconds < -kMost) seconds = -kMost;
    ns = time.tv_nsec == UTIME_NOW ? now() : seconds * kSecond + time.tv_nsec;
}

// Whoever may write to a file may say that it was used just now.
Result<long> change_times(const RefPtr<Node>& node, const NewTimes& times) {
    if (!is_valid(times.accessed) || !is_valid(times.modified)) return Errno{EINVAL};
    TRY(check_changeable(*node));
    if (!owns(node->attributes(), credentials())) {
        if (!times.both_are(UTIME_NOW)) return Errno{EPERM};
        TRY(check_permission(*node, kMayWrite, credentials()));
    }
    node->change_attributes([&](Attributes& attributes) {
        set_time(attributes.accessed_ns, times.accessed);
        set_time(attributes.modified_ns, times.modified);
        attributes.changed_ns = now();
    });
    return 0;
}

// Without a path: the descriptor's own file.
Result<long> set_times(int fd, mm::UserString path, const NewTimes& times, unsigned flags) {
    if (path.is_null() && fd != AT_FDCWD) {
        if (flags != 0) return Errno{EINVAL};
        return change_times(TRY(node_of(fd)), times);
    }
    return change_times(TRY(node_for(fd, path, flags, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)), times);
}

// ---- sizes ------------------------------------------------------------------------------------------

Result<long> resize(const RefPtr<Node>& node, int64_t size) {
    const auto wanted = static_cast<uint64_t>(size);
    if (wanted > node->size() && wanted > core::current_limits().soft(RLIMIT_FSIZE))
        return refuse_size();
    drop_set_id_of(*node, credentials());
    TRY(node->resize(wanted));
    return 0;
}

constexpr int kPunch = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;

// What Linux looks into, though memory (its tmpfs, too) can only reserve and punch.
bool is_known_mode(int mode) {
    switch (mode & ~FALLOC_FL_KEEP_SIZE) {
        case 0:
        case FALLOC_FL_ZERO_RANGE: return true;
        case FALLOC_FL_PUNCH_HOLE: return mode == kPunch;
        case FALLOC_FL_COLLAPSE_RANGE:
        case FALLOC_FL_INSERT_RANGE: return (mode & FALLOC_FL_KEEP_SIZE) == 0;
        default: return false;
    }
}

Result<long> allocate(const RefPtr<File>& file, int mode, int64_t offset, int64_t size) {
    if (offset < 0 || size <= 0) return Errno{EINVAL};
    if (!is_known_mode(mode)) return Errno{EOPNOTSUPP};
    if (!file->is_writable()) return Errno{EBADF};
    if (S_ISFIFO(file->node().type)) return Errno{ESPIPE};
    if (file->node().is_directory()) return Errno{EISDIR};
    if (!file->node().is_regular()) return Errno{ENODEV};
    int64_t end;
    if (__builtin_add_overflow(offset, size, &end)) return Errno{EFBIG};
    const bool punches = mode == kPunch;
    const bool keeps_size = (mode & FALLOC_FL_KEEP_SIZE) != 0;
    const bool is_mode_of_ours = punches || (mode & ~FALLOC_FL_KEEP_SIZE) == 0;
    if (!file->node().is_changeable() || !is_mode_of_ours) return Errno{EOPNOTSUPP};
    auto& node = static_cast<RamFile&>(file->node());
    const auto new_size = static_cast<uint64_t>(end);
    drop_set_id_of(node, credentials());
    if (punches) {
        TRY(node.punch(static_cast<uint64_t>(offset), new_size));
        return 0;
    }
    const uint64_t limit = core::current_limits().soft(RLIMIT_FSIZE);
    if (!keeps_size && new_size > node.size() && new_size > limit) return refuse_size();
    TRY(node.reserve(static_cast<uint64_t>(offset), new_size,
                     keeps_size ? RamFile::Size::kKeep : RamFile::Size::kExtend));
    return 0;
}

}  // namespace

SYSCALL(fchmodat, int fd, mm::UserString path, uint32_t permissions) {
    return change_mode(TRY(node_for(fd, path, 0, 0)), permissions);
}

SYSCALL(fchmod, int fd, uint32_t permissions) { return change_mode(TRY(node_of(fd)), permissions); }

SYSCALL(fchownat, int fd, mm::UserString path, uint32_t uid, uint32_t gid, unsigned flags) {
    const auto node = TRY(node_for(fd, path, flags, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH));
    return change_owner(node, uid, gid);
}

SYSCALL(fchown, int fd, uint32_t uid, uint32_t gid) {
    return change_owner(TRY(node_of(fd)), uid, gid);
}

SYSCALL(utimensat, int fd, mm::UserString path, mm::UserPtr<__kernel_timespec[2]> times,
        unsigned flags) {
    if (times.is_null()) return set_times(fd, path, NewTimes{}, flags);
    __kernel_timespec values[2];
    TRY(times.read_into(values));
    const NewTimes wanted = {values[0], values[1]};
    if (wanted.are_none()) return 0;  // whatever the path is
    return set_times(fd, path, wanted, flags);
}

SYSCALL(truncate, mm::UserString path, int64_t size) {
    if (size < 0) return Errno{EINVAL};
    const RefPtr<Node> node = TRY(node_for(AT_FDCWD, path, 0, 0));
    if (node->is_directory()) return Errno{EISDIR};
    if (!node->is_regular()) return Errno{EINVAL};
    TRY(check_permission(*node, kMayWrite, credentials()));
    return as_writer(*node, [&] { return resize(node, size); });
}

SYSCALL(ftruncate, int fd, int64_t size) {
    if (size < 0) return Errno{EINVAL};
    const RefPtr<File> file = TRY(open_file(fd));
    if (!file->node().is_regular() || !file->is_writable()) return Errno{EINVAL};
    return resize(file->share_node(), size);
}

SYSCALL(fallocate, int fd, int mode, int64_t offset, int64_t size) {
    return allocate(TRY(open_file(fd)), mode, offset, size);
}

SYSCALL(umask, uint32_t mask) { return context().change_mask(mask & 0777); }

SYSCALL(chroot, mm::UserString path) {
    RefPtr<Node> node = TRY(node_for(AT_FDCWD, path, 0, 0));
    if (!node->is_directory()) return Errno{ENOTDIR};
    TRY(check_permission(*node, kMayExecute, credentials()));
    if (!is_superuser(credentials())) return Errno{EPERM};
    context().set_root(std::move(node));
    return 0;
}

// Calls that only older CPUs have.
#ifdef __NR_chmod
SYSCALL(chmod, mm::UserString path, uint32_t permissions) {
    return change_mode(TRY(node_for(AT_FDCWD, path, 0, 0)), permissions);
}
SYSCALL(chown, mm::UserString path, uint32_t uid, uint32_t gid) {
    return change_owner(TRY(node_for(AT_FDCWD, path, 0, 0)), uid, gid);
}
SYSCALL(lchown, mm::UserString path, uint32_t uid, uint32_t gid) {
    constexpr unsigned kKeep = AT_SYMLINK_NOFOLLOW;
    return change_owner(TRY(node_for(AT_FDCWD, path, kKeep, kKeep)), uid, gid);
}

// utime(2) has seconds, utimes(2) and futimesat(2) have microseconds; the rest is utimensat's.
SYSCALL(utime, mm::UserString path, mm::UserPtr<utimbuf> times) {
    if (times.is_null()) return set_times(AT_FDCWD, path, NewTimes{}, 0);
    utimbuf values;
    TRY(times.read_into(values));
    return set_times(AT_FDCWD, path, {{values.actime, 0}, {values.modtime, 0}}, 0);
}

static Result<long> set_times_us(int fd, mm::UserString path,
                                 mm::UserPtr<__kernel_old_timeval[2]> times) {
    if (times.is_null()) return set_times(fd, path, NewTimes{}, 0);
    __kernel_old_timeval values[2];
    TRY(times.read_into(values));
    __kernel_timespec parsed[2];
    for (int i = 0; i < 2; i++) {
        if (values[i].tv_usec < 0 || values[i].tv_usec >= 1'000'000) return Errno{EINVAL};
        parsed[i] = {values[i].tv_sec, values[i].tv_usec * 1000};
    }
    return set_times(fd, path, {parsed[0], parsed[1]}, 0);
}
SYSCALL(utimes, mm::UserString path, mm::UserPtr<__kernel_old_timeval[2]> times) {
    return set_times_us(AT_FDCWD, path, times);
}
SYSCALL(futimesat, int fd, mm::UserString path, mm::UserPtr<__kernel_old_timeval[2]> times) {
    return set_times_us(fd, path, times);
}
#endif

}  // namespace fs
