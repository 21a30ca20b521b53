// A pattern for memory that is free, in debug builds: who uses it still, changes it or is found by it.
#pragma once
#include <cstddef>
#include <cstdint>

namespace mm {

#ifdef NDEBUG
inline constexpr bool kPoisonsFreed = false;
#else
inline constexpr bool kPoisonsFreed = true;
#endif

inline constexpr uint8_t kPoisonByte = 0xA7;
inline constexpr uint64_t kPoisonWord =
    0xA7A7A7A7A7A7A7A7;  // as an address: nothing is mapped there

// Effect: fills `bytes` bytes, a multiple of 8 like their address, with the pattern.
void poison(void* memory, size_t bytes);

// Effect: the offset of the first word that is not the pattern's any more, or `bytes`.
size_t first_change(const void* memory, size_t bytes);

}  // namespace mm
