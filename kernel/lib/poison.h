// What memory is filled with when it is freed, in debug builds: a panic's report knows it.
//
// Two patterns, each the other's complement, take turns: a write that sets or clears a single bit changes one
// of the two. As addresses both lead nowhere.
#pragma once
#include <cstdint>

namespace lib {

inline constexpr uint64_t kPoison = 0x9e9e9e9e9e9e9e9e;
inline constexpr uint64_t kOtherPoison = ~kPoison;  // 0x6161…

constexpr bool is_poison(uint64_t word) { return word == kPoison || word == kOtherPoison; }

// Whether an address was made of such a word: by a small distance more or less.
constexpr bool is_near_poison(uint64_t address) {
    constexpr unsigned kBits = 16;
    return address >> kBits == kPoison >> kBits || address >> kBits == kOtherPoison >> kBits;
}

}  // namespace lib
