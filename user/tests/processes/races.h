// Two processes that come to the same place at about the same time, at drawn moments.
#pragma once

#include "cairn/children.h"

namespace races {

// Computes for a drawn while, without a call.
inline void dawdle(uint64_t n, uint64_t most) {
    for (uint64_t i = secret(1000 + n) % most; i > 0; i--) __asm__ volatile("" : : : "memory");
}

}  // namespace races
