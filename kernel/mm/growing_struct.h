// Structs of system calls that grow with Linux's versions (clone3(2), sched_setattr(2)): a program says
// how much of one it knows, and may know less than this kernel, or more.
#pragma once
#include "mm/user_memory.h"

namespace mm {

// Effect: copies a struct of which the program knows `size` bytes into `known`; what the program does not
// know is zero. E2BIG: it asks, by a byte that is not zero, for what this kernel does not know. EFAULT.
// Context: may sleep.
Result<void> read_growing(UserBuffer place, size_t size, std::span<uint8_t> known);

// The same for a struct.
template <typename T>
Result<void> read_growing(UserBuffer place, size_t size, T& known) {
    static_assert(std::is_trivially_copyable_v<T>);
    return read_growing(place, size, std::span(reinterpret_cast<uint8_t*>(&known), sizeof(T)));
}

}  // namespace mm
