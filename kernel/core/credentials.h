// Whom a thread acts for (credentials(7)): what permissions are checked against. All zero: the superuser.
#pragma once
#include <cstddef>
#include <cstdint>

namespace core {

struct Credentials {
    static constexpr size_t kMostGroups = 32;

    uint32_t uid = 0, euid = 0, suid = 0, fsuid = 0;
    uint32_t gid = 0, egid = 0, sgid = 0, fsgid = 0;
    uint32_t group_count = 0;
    uint32_t groups[kMostGroups] = {};  // supplementary groups

    // Linux's capabilities in one question: all of them to user 0, none to others.
    bool is_privileged() const { return euid == 0; }
};

}  // namespace core
