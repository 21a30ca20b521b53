// A pattern for memory that is free, in debug builds: who uses it still, changes it or is found by it.
#pragma once
#include <cstddef>
#include <cstdint>

#include "lib/poison.h"

namespace mm {

#ifdef NDEBUG
inline constexpr bool kPoisonsFreed = false;
#else
inline constexpr bool kPoisonsFreed = true;
#endif

// Effect: fills `bytes` bytes, a multiple of 8 like their address, with one of the two patterns
// (lib/poison.h), by turns.
void poison(void* memory, size_t bytes);

// Effect: the offset of the first word that is not the pattern's any more, or `bytes`. Context: as above.
size_t first_change(const void* memory, size_t bytes);

}  // namespace mm
