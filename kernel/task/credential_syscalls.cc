// Whom a process acts for: the calls of credentials(7). -1 leaves a number as it is.
#include "core/current.h"
#include "entry/syscall.h"
#include "mm/user_memory.h"
#include "task/carried.h"

namespace task {

namespace {

using core::Credentials;

constexpr uint32_t kKeep = ~0u;

// The four numbers of one kind, user or group, by name.
struct Numbers {
    uint32_t Credentials::*real;
    uint32_t Credentials::*effective;
    uint32_t Credentials::*saved;
    uint32_t Credentials::*files;
};
constexpr Numbers kUser = {&Credentials::uid, &Credentials::euid, &Credentials::suid,
                           &Credentials::fsuid};
constexpr Numbers kGroup = {&Credentials::gid, &Credentials::egid, &Credentials::sgid,
                            &Credentials::fsgid};

const Credentials& own() { return core::current().credentials; }

void become(Credentials wanted) { change_identity(core::current(), std::move(wanted)); }

bool has(const Credentials& self, const Numbers& of, uint32_t id) {
    return id == self.*of.real || id == self.*of.effective || id == self.*of.saved;
}

// setuid(2), setgid(2): the superuser changes all of them, for good.
Result<long> set(const Numbers& of, uint32_t id) {
    if (id == kKeep) return Errno{EINVAL};
    Credentials wanted = own();
    if (wanted.is_privileged()) {
        wanted.*of.real = wanted.*of.saved = id;
    } else if (id != wanted.*of.real && id != wanted.*of.saved) {
        return Errno{EPERM};
    }
    wanted.*of.effective = wanted.*of.files = id;
    become(std::move(wanted));
    return 0;
}

// setreuid(2), setregid(2): the saved one follows when a real one is named, or an effective one that was
// not the real one.
Result<long> set_two(const Numbers& of, uint32_t real, uint32_t effective) {
    const Credentials& self = own();
    Credentials wanted = self;
    const bool may_real = real == kKeep || real == self.*of.real || real == self.*of.effective;
    const bool may_effective = effective == kKeep || has(self, of, effective);
    if (!self.is_privileged() && !(may_real && may_effective)) return Errno{EPERM};
    if (real != kKeep) wanted.*of.real = real;
    if (effective != kKeep) wanted.*of.effective = effective;
    if (real != kKeep || (effective != kKeep && effective != self.*of.real)) {
        wanted.*of.saved = wanted.*of.effective;
    }
    wanted.*of.files = wanted.*of.effective;
    become(std::move(wanted));
    return 0;
}

// setresuid(2), setresgid(2)
Result<long> set_three(const Numbers& of, uint32_t real, uint32_t effective, uint32_t saved) {
    const Credentials& self = own();
    Credentials wanted = self;
    for (const uint32_t id : {real, effective, saved}) {
        const bool may = self.is_privileged() || id == kKeep || has(self, of, id);
        if (!may) return Errno{EPERM};
    }
    if (real != kKeep) wanted.*of.real = real;
    if (effective != kKeep) wanted.*of.effective = effective;
    if (saved != kKeep) wanted.*of.saved = saved;
    wanted.*of.files = wanted.*of.effective;
    become(std::move(wanted));
    return 0;
}

// setfsuid(2), setfsgid(2): no error, the number from before whatever happens.
long set_files(const Numbers& of, uint32_t id) {
    Credentials wanted = own();
    const uint32_t before = wanted.*of.files;
    const bool may = wanted.is_privileged() || has(wanted, of, id) || id == before;
    if (may && id != kKeep) {
        wanted.*of.files = id;
        become(std::move(wanted));
    }
    return before;
}

Result<long> get_three(const Numbers& of, mm::UserPtr<uint32_t> real,
                       mm::UserPtr<uint32_t> effective, mm::UserPtr<uint32_t> saved) {
    TRY(real.write(own().*of.real));
    TRY(effective.write(own().*of.effective));
    TRY(saved.write(own().*of.saved));
    return 0;
}

// What a program passed to setgroups(2). ENOMEM, EFAULT; EINVAL: -1 is no group.
Result<RefPtr<core::Groups>> read_groups(mm::UserBuffer place, size_t count) {
    RefPtr<core::Groups> groups = TRY(core::Groups::make(count));
    const std::span<uint32_t> ids = groups->ids();
    TRY(place.read_into({reinterpret_cast<uint8_t*>(ids.data()), ids.size_bytes()}, 0));
    groups->sort();
    if (ids.back() == kKeep) return Errno{EINVAL};
    return groups;
}

}  // namespace

SYSCALL(getuid) { return own().uid; }
SYSCALL(geteuid) { return own().euid; }
SYSCALL(getgid) { return own().gid; }
SYSCALL(getegid) { return own().egid; }

SYSCALL(setuid, uint32_t id) { return set(kUser, id); }
SYSCALL(setgid, uint32_t id) { return set(kGroup, id); }
SYSCALL(setreuid, uint32_t real, uint32_t effective) { return set_two(kUser, real, effective); }
SYSCALL(setregid, uint32_t real, uint32_t effective) { return set_two(kGroup, real, effective); }
SYSCALL(setresuid, uint32_t real, uint32_t effective, uint32_t saved) {
    return set_three(kUser, real, effective, saved);
}
SYSCALL(setresgid, uint32_t real, uint32_t effective, uint32_t saved) {
    return set_three(kGroup, real, effective, saved);
}
SYSCALL(setfsuid, uint32_t id) { return set_files(kUser, id); }
SYSCALL(setfsgid, uint32_t id) { return set_files(kGroup, id); }

SYSCALL(getresuid, mm::UserPtr<uint32_t> real, mm::UserPtr<uint32_t> effective,
        mm::UserPtr<uint32_t> saved) {
    return get_three(kUser, real, effective, saved);
}
SYSCALL(getresgid, mm::UserPtr<uint32_t> real, mm::UserPtr<uint32_t> effective,
        mm::UserPtr<uint32_t> saved) {
    return get_three(kGroup, real, effective, saved);
}

// getgroups(2): with size 0 only their number.
SYSCALL(getgroups, int size, mm::UserBuffer place) {
    const std::span<const uint32_t> ids = own().group_ids();
    if (size < 0) return Errno{EINVAL};
    if (size == 0) return ids.size();
    if (static_cast<size_t>(size) < ids.size()) return Errno{EINVAL};
    if (!ids.empty()) {
        TRY(place.write_from({reinterpret_cast<const uint8_t*>(ids.data()), ids.size_bytes()}, 0));
    }
    return ids.size();
}

SYSCALL(setgroups, unsigned size, mm::UserBuffer place) {
    Credentials wanted = own();
    if (!wanted.is_privileged()) return Errno{EPERM};
    if (size > core::Groups::kMost) return Errno{EINVAL};
    wanted.groups = size != 0 ? TRY(read_groups(place, size)) : RefPtr<core::Groups>();
    become(std::move(wanted));
    return 0;
}

}  // namespace task
