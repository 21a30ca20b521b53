// What of the computer's RAM may be given out: arithmetic on ranges, for init_frames.
#pragma once
#include <span>

#include "mm/phys_range.h"

namespace mm {

inline constexpr uint64_t kFrameSize = 4096;

// Effect: the lowest range of whole page frames, at or above `from`, that lies in one of `ram` and has
// no byte of `reserved`; both ends are zero if there is none. It is as long as it can be, unless ranges
// of RAM touch or overlap: then the next one is found from its end. The lists need no order.
PhysRange next_free_range(std::span<const PhysRange> ram, std::span<const PhysRange> reserved,
                          uint64_t from);

}  // namespace mm
