// Stand-in for lab paging: page frames from a bump allocator, and one fixed window of user memory.
// No address spaces, no faults that can be mended; everything is there from the start.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "arch/memory.h"
#include "lib/result.h"
#include "mm/phys_range.h"

namespace mm {

// What programs may use: 0x10000 to 16 MiB. Page 0 and its neighbours stay unmapped, so that a null
// pointer traps.
inline constexpr uint64_t kWindowBegin = 0x10000;
inline constexpr uint64_t kWindowEnd = 16 << 20;

// Effect: `ram` without `reserved` is ours to give away. Context: boot. The spans are copied.
void init_frames(PhysRange ram, std::span<const PhysRange> reserved);

// Effect: `pages` consecutive pages with any content, ENOMEM if there are not so many left.
// Context: any; takes the frames lock. One page given back is given out again first.
Result<arch::PhysAddr> allocate_pages(size_t pages);
void free_page(arch::PhysAddr page);

// Effect: fills the tables of the user window, zeroed memory behind them: read, write, execute, user.
// ENOMEM if RAM is too small. Context: boot.
Result<void> map_user_window();

// Effect: the kernel's view of user memory, or EFAULT if a byte lies outside of the window.
Result<std::span<uint8_t>> window_bytes(uint64_t address, size_t size);

}  // namespace mm
