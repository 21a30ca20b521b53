// The buddy allocator: which page frames are free, in blocks of 1, 2, 4 … 1024 frames.
//
// It knows frames by number only and never touches their bytes, so it runs on any machine: frames.cc
// gives it the computer's RAM and a lock, the host's tests an array. A block of 2^order frames begins
// at a multiple of 2^order. Its buddy is the one block of that size with which it makes up a block of
// the next order:
//
//     frame     0   1   2   3   4   5   6   7
//     order 2  [      0       |       4       ]     the buddy of block 4 (order 2) is block 0,
//     order 1  [  0   |   2   |   4   |   6   ]     of block 4 (order 1) block 6,
//     order 0  [0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 ]     of block 4 (order 0) block 5
#pragma once
#include <cstdint>
#include <span>

#include "lib/atomic.h"
#include "lib/result.h"

namespace mm {

// One for each page of RAM. All bits zero: a frame that nobody ever gave to the allocator.
struct Frame {
    enum class State : uint8_t {
        kNothing,  // no block begins here: reserved, a hole, or a later frame of a block
        kFree,     // first frame of a free block
        kCached,   // free, but kept aside for the next one who wants a single frame (frames.cc)
        kUsed,     // first frame of a block that somebody has
    };

    lib::Atomic<uint32_t> references;  // of a used block: how many hold it (frames.cc)
    uint16_t entries;  // of a page table: entries present; 0 when the frame is given out
    uint8_t order;     // of a free or used block's first frame
    State state;
    // Of a page table that holds no entry any more, in `next`.
    static constexpr uint32_t kEmptiedTable = ~1u;
    uint32_t next, previous;  // free: numbers of the neighbours in the list of its order
};
static_assert(sizeof(Frame) == 16, "there is one for each 4096 bytes of RAM");

// No locks: the caller's job. Numbers are indices into the array of frames.
class BuddyAllocator {
public:
    static constexpr unsigned kMaxOrder = 10;
    static constexpr uint32_t kNone = ~0u;

    // Effect: frames[n] describes frame n; they are all zero, and nothing is free yet. The array is
    // borrowed for good.
    void start(std::span<Frame> frames);

    // Effect: the reserved frames begin ≤ n < end become free ones, in the largest blocks possible.
    void add(uint32_t begin, uint32_t end);

    // Effect: the first frame of 2^order consecutive free ones, which become one used block of this
    // order; ENOMEM if no free block is large enough. The smallest free block that will do is taken,
    // and halved until it fits; the halves that are not wanted become free blocks.
    Result<uint32_t> allocate(unsigned order);

    // Effect: ends the use of a block from allocate(order) and makes it free. It is joined with its
    // buddy as long as that is a free block of the same order, so that free memory lies in the
    // largest blocks possible.
    void free(uint32_t first, unsigned order);

    Frame& frame(uint32_t number) { return frames_[number]; }
    uint32_t frame_count() const { return static_cast<uint32_t>(frames_.size()); }
    uint64_t total() const { return total_; }      // frames ever added
    uint64_t free_count() const { return free_; }  // frames in free blocks

    // Effect: the first frame of some free block of this order, or kNone.
    uint32_t any_free(unsigned order) const { return lists_[order]; }
    // Effect: whether a free block of just this order begins at `first`. Any number may be asked.
    bool is_free(uint32_t first, unsigned order) const;

private:
    // What the two rooms are made of. put_free: the block becomes a free one of this order.
    // take_free: a free block becomes neither free nor used. mark_used: it becomes a used one.
    // end_use: a used block becomes neither free nor used; debug builds panic, and name the frame,
    // unless it is a used block of this order.
    void put_free(uint32_t first, unsigned order);
    void take_free(uint32_t first, unsigned order);
    void mark_used(uint32_t first, unsigned order);
    void end_use(uint32_t first, unsigned order);

    std::span<Frame> frames_;
    uint64_t total_ = 0;
    uint64_t free_ = 0;
    uint32_t lists_[kMaxOrder + 1] = {};  // the first block of each order's list
};

}  // namespace mm
