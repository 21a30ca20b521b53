// Contract: mm/frame_tree.h.
#include "mm/frame_tree.h"

#include <cstring>

#include "mm/frames.h"

namespace mm {

namespace {

constexpr arch::PhysAddr kNone{};

// A table holds physical addresses of what is below it.
arch::PhysAddr* entries(arch::PhysAddr table) { return arch::direct_map<arch::PhysAddr>(table); }

}  // namespace

FrameTree::~FrameTree() { release_below(root_, levels_); }

// How many pages a tree of so many levels can have.
uint64_t FrameTree::reach_of(unsigned levels) {
    uint64_t reach = 1;
    for (unsigned level = 0; level < levels; level++) reach *= kFanOut;
    return reach;
}

arch::PhysAddr FrameTree::find(uint64_t index) const {
    uint64_t span = reach_of(levels_);
    if (index >= span) return kNone;
    arch::PhysAddr node = root_;
    for (unsigned level = levels_; level > 0 && node != kNone; level--) {
        span /= kFanOut;
        node = entries(node)[index / span % kFanOut];
    }
    return node;
}

Result<arch::PhysAddr*> FrameTree::place_of(uint64_t index) {
    while (index >= reach_of(levels_)) {
        if (root_ != kNone) {
            const arch::PhysAddr above = TRY(allocate_zeroed_frame());
            entries(above)[0] = root_;
            root_ = above;
        }
        levels_++;
    }
    arch::PhysAddr* place = &root_;
    uint64_t span = reach_of(levels_);
    for (unsigned level = levels_; level > 0; level--) {
        if (*place == kNone) *place = TRY(allocate_zeroed_frame());
        span /= kFanOut;
        place = &entries(*place)[index / span % kFanOut];
    }
    return place;
}

uint64_t FrameTree::remove(uint64_t first, uint64_t end, Used used) {
    const uint64_t reach = reach_of(levels_);
    if (end > reach) end = reach;
    if (first >= end) return 0;
    return remove_below(root_, levels_, first, end, used);
}

// Tables stay: the object may grow again. `first` and `end` count from the first page below `node`.
uint64_t FrameTree::remove_below(arch::PhysAddr& node, unsigned levels, uint64_t first,
                                 uint64_t end, Used used) {
    if (node == kNone) return 0;
    if (levels == 0) {
        if (used == Used::kBecomeZeros && frame_references(node) != 1) {
            memset(arch::direct_map(node), 0, arch::kPageSize);
            return 0;
        }
        release_frame(node);
        node = kNone;
        return 1;
    }
    const uint64_t span = reach_of(levels - 1);
    uint64_t removed = 0;
    for (uint64_t i = first / span; i * span < end; i++) {
        const uint64_t begin = i * span;
        const uint64_t from = first > begin ? first - begin : 0;
        const uint64_t to = end - begin < span ? end - begin : span;
        removed += remove_below(entries(node)[i], levels - 1, from, to, used);
    }
    return removed;
}

void FrameTree::release_below(arch::PhysAddr node, unsigned levels) {
    if (node == kNone) return;
    if (levels > 0) {
        for (uint64_t i = 0; i < kFanOut; i++) release_below(entries(node)[i], levels - 1);
    }
    release_frame(node);
}

}  // namespace mm
