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

    // Effect: page `index` has no frame any more; what the tree had is released.
    void remove(uint64_t index);

    // Effect: the same for all pages from `first` on, except that a frame that somebody else uses too,
    // a mapping, stays and becomes zeros. Returns how many were removed.
    uint64_t remove_from(uint64_t first);

private:
    static constexpr uint64_t kFanOut = arch::kPageSize / sizeof(arch::PhysAddr);
    static uint64_t reach_of(unsigned levels);
    static void release_below(arch::PhysAddr node, unsigned levels);
    static uint64_t remove_below(arch::PhysAddr& node, unsigned levels, uint64_t first);

    arch::PhysAddr root_{};  // levels_ tables above the frames; with none, the frame of page 0
    unsigned levels_ = 0;
};

}  // namespace mm
