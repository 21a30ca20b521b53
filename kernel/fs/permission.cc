// Contract: fs/permission.h.
#include "fs/permission.h"

namespace fs {

bool is_in_group(uint32_t gid, const core::Credentials& who) {
    if (gid == who.fsgid) return true;
    return who.groups && who.groups->has(gid);
}

void drop_set_id(Attributes& attributes) {
    constexpr uint32_t kGroupProgram = S_ISGID | S_IXGRP;
    attributes.permissions &= ~uint32_t{S_ISUID};
    if ((attributes.permissions & kGroupProgram) == kGroupProgram) {
        attributes.permissions &= ~uint32_t{S_ISGID};
    }
}

void drop_set_id_of(Node& node, const core::Credentials& who) {
    if (node.is_regular() && !is_superuser(who)) node.change_attributes(drop_set_id);
}

// One of the three triples counts: the owner's for the owner, even if the group may do more.
Result<void> check_permission(const Node& node, unsigned wanted, const core::Credentials& who) {
    if ((wanted & kMayWrite) != 0 && node.is_read_only()) return Errno{EROFS};
    const Attributes attributes = node.attributes();
    if (is_superuser(who)) {
        const bool is_executable = node.is_directory() || (attributes.permissions & 0111) != 0;
        if ((wanted & kMayExecute) != 0 && !is_executable) return Errno{EACCES};
        return {};
    }
    unsigned shift = 0;
    if (attributes.uid == who.fsuid) {
        shift = 6;
    } else if (is_in_group(attributes.gid, who)) {
        shift = 3;
    }
    if ((wanted & ~(attributes.permissions >> shift)) != 0) return Errno{EACCES};
    return {};
}

}  // namespace fs
