// A range of physical memory.
#pragma once
#include <cstdint>

namespace mm {

// Physical addresses begin ≤ a < end.
struct PhysRange {
    uint64_t begin;
    uint64_t end;
};

}  // namespace mm
