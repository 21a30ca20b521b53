// Who may do what with a node (path_resolution(7), "Permissions"). The superuser (fsuid 0) may do all but
// execute what nobody may execute and write where nothing can be written.
#pragma once
#include <cstdint>

#include "core/credentials.h"
#include "fs/node.h"

namespace fs {

// What is asked for: the bits of access(2)'s mode.
inline constexpr unsigned kMayRead = 4, kMayWrite = 2, kMayExecute = 1;

// Effect: EROFS or EACCES if `who` may not do all of `wanted`; for directories, execute is search.
Result<void> check_permission(const Node& node, unsigned wanted, const core::Credentials& who);

inline bool is_superuser(const core::Credentials& who) { return who.fsuid == 0; }
bool is_in_group(uint32_t gid, const core::Credentials& who);

// Effect: the program no longer runs in its owner's or group's name, which those ask for whose change of
// it could turn it into another one.
void drop_set_id(Attributes& attributes);
void drop_set_id_of(Node& node, const core::Credentials& who);

inline bool owns(const Attributes& attributes, const core::Credentials& who) {
    return is_superuser(who) || attributes.uid == who.fsuid;
}

}  // namespace fs
