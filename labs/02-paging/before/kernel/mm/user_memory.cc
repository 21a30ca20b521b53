// Stand-in for lab paging: user memory is the window, so a check of bounds is all that a copy needs.
// Contract: mm/user_memory.h.
#include "mm/user_memory.h"

#include <cstring>

#include "mm/window.h"

namespace mm {

Result<void> copy_from_user(std::span<uint8_t> kernel, UserAddr user) {
    const auto source = TRY(window_bytes(static_cast<uint64_t>(user), kernel.size()));
    memcpy(kernel.data(), source.data(), source.size());
    return {};
}

Result<void> copy_to_user(UserAddr user, std::span<const uint8_t> kernel) {
    const auto target = TRY(window_bytes(static_cast<uint64_t>(user), kernel.size()));
    memcpy(target.data(), kernel.data(), target.size());
    return {};
}

}  // namespace mm
