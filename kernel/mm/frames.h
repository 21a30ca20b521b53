// Physical page frames: who may use which page of RAM, and how many do. All memory of the kernel and of
// programs comes from here. Below: buddy.h (which blocks are free); above: heap.h, page tables, files.
//
// The owner of the invariant that every frame is in exactly one place: free, reserved, or held by those
// who count as its references. Debug builds fill what is freed with a pattern and look at it when it is
// given out again, and panic, naming the frame, when one is freed twice or was never given out.
#pragma once
#include <cstdint>
#include <span>

#include "arch/memory.h"
#include "lib/result.h"
#include "mm/buddy.h"
#include "mm/phys_range.h"

namespace mm {

inline constexpr unsigned kMaxOrder = BuddyAllocator::kMaxOrder;

// Effect: what `ram` holds beside `reserved` may be given out, except for the array of Frames, which
// is put at the beginning. Context: boot, once. The ranges may overlap and need no order.
void init_frames(std::span<const PhysRange> ram, std::span<const PhysRange> reserved);

// Everything below: context any but an interrupt handler; takes the frames lock (LockRank::kFrames) for a
// moment (for single frames rarely); ENOMEM if there is no memory, or if fail_nth.h says so.

// Effect: 2^order consecutive frames with any content, aligned to their size; one reference.
Result<arch::PhysAddr> allocate_block(unsigned order);
// Effect: gives the block back, whoever still refers to it. `order` as it was allocated.
void free_block(arch::PhysAddr first, unsigned order);

// Effect: one frame, one reference; any content, or zeroes.
Result<arch::PhysAddr> allocate_frame();
Result<arch::PhysAddr> allocate_zeroed_frame();

// Effect: one reference more; one less, and the last frees the frame (or the block, by its first frame).
// Context of retain_frame: any, no lock; the caller has a reference, or a lock that keeps one alive.
void retain_frame(arch::PhysAddr frame);
void release_frame(arch::PhysAddr frame);
// Effect: the number of references. It may have changed by now unless the caller's lock forbids that.
unsigned frame_references(arch::PhysAddr frame);

// Effect: what is known of a frame of RAM. Context: any. The address lies in one of init_frames' ranges.
Frame& frame_of(arch::PhysAddr address);

// A frame of zeros that everybody shares and nobody writes to. No reference comes with it.
arch::PhysAddr zero_frame();
// Whether a page that shows this frame takes memory: zeros that were only looked at do not.
inline bool is_resident(arch::PhysAddr frame) { return frame != zero_frame(); }

struct FrameCounts {
    uint64_t total;  // frames that can be given out at all
    uint64_t free;   // exact if nobody allocates or frees at the same time
};
FrameCounts count_frames();

}  // namespace mm
