// The frames of an object by page number, in a tree of tables like a page table's: 512 to a table, as deep
// as the highest page that was ever touched needs. A page of a huge object costs a few tables.
//
// Context of all functions: the lock of the tree's owner is held.
#pragma once
#include <cstdint>

#include "arch/memory.h"
#include "lib/result.h"

namespace mm {

class FrameTree {
public:
    FrameTree() = default;
    FrameTree(const FrameTree&) = delete;
    FrameTree& operator=(const FrameTree&) = delete;
    ~FrameTree();  // gives everything back

    // The frame of page `index`; 0: there is none.
    arch::PhysAddr find(uint64_t index) const;

    // Effect: the place where the frame of page `index` is noted, 0 at first; who stores a frame there
    // gives its reference to the tree. ENOMEM.
    Result<arch::PhysAddr*> place_of(uint64_t index);

    // Effect: pages first ≤ i < end have no frame any more; the tree's references are released. A frame that
    // somebody else uses too becomes zeros and stays, if `used` says so. Returns how many were removed.
    enum class Used : uint8_t { kGo, kBecomeZeros };
    uint64_t remove(uint64_t first, uint64_t end, Used used);

private:
    static constexpr uint64_t kFanOut = arch::kPageSize / sizeof(arch::PhysAddr);
    static uint64_t reach_of(unsigned levels);
    static void release_below(arch::PhysAddr node, unsigned levels);
    static uint64_t remove_below(arch::PhysAddr& node, unsigned levels, uint64_t first,
                                 uint64_t end, Used used);

    arch::PhysAddr root_{};  // levels_ tables above the frames; with none, the frame of page 0
    unsigned levels_ = 0;
};

}  // namespace mm
