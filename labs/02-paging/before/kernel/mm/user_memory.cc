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

Result<size_t> copy_string_from_user(std::span<char> kernel, UserAddr user) {
    for (size_t length = 0; length < kernel.size(); length++) {
        const uint64_t address = static_cast<uint64_t>(user) + length;
        kernel[length] = static_cast<char>(TRY(window_bytes(address, 1))[0]);
        if (kernel[length] == '\0') return length;
    }
    return Errno{ENAMETOOLONG};
}

}  // namespace mm
