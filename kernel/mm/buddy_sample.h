// For the test and the fuzzer of buddy.cc: allocations and frees, read from bytes, are compared with a plain
// list of who has what; at the end, everything must be free and joined as at the beginning.
#pragma once

#include <array>
#include <map>
#include <span>
#include <vector>

#include "mm/buddy.h"

namespace mm {

class BuddySample {
public:
    static constexpr uint32_t kFrames = 1600;
    static constexpr uint32_t kHoleBegin = 1100, kHoleEnd = 1117;  // reserved

    BuddySample() : frames_(kFrames) {
        buddies_.start(frames_);
        buddies_.add(0, kHoleBegin);
        buddies_.add(kHoleEnd, kFrames);
        free_at_start_ = free_blocks();
    }

    // Two bytes an operation.
    void run(std::span<const uint8_t> bytes) {
        for (; bytes.size() >= 2; bytes = bytes.subspan(2)) {
            if (bytes[0] % 2 == 0) {
                allocate(bytes[1] % (BuddyAllocator::kMaxOrder + 1));
            } else if (!used_.empty()) {
                free(std::next(used_.begin(), (bytes[0] << 8 | bytes[1]) % used_.size()));
            }
            ASSERT(buddies_.free_count() + used_frames_ == buddies_.total());
        }
        while (!used_.empty()) free(used_.begin());
        ASSERT(free_blocks() == free_at_start_);
    }

private:
    using Counts = std::array<size_t, BuddyAllocator::kMaxOrder + 1>;
    using Used = std::map<uint32_t, unsigned>;  // order by first frame

    void allocate(unsigned order) {
        bool possible = false;
        for (unsigned larger = order; larger <= BuddyAllocator::kMaxOrder; larger++) {
            possible = possible || buddies_.any_free(larger) != BuddyAllocator::kNone;
        }
        const Result<uint32_t> first = buddies_.allocate(order);
        ASSERT(first.has_value() == possible);
        if (!first) return;
        const uint32_t end = *first + (1u << order);
        ASSERT(*first % (1u << order) == 0 && end <= kFrames);
        ASSERT(end <= kHoleBegin || *first >= kHoleEnd);
        const auto after = used_.lower_bound(*first);
        ASSERT(after == used_.end() || end <= after->first);
        if (after != used_.begin()) {
            const auto before = std::prev(after);
            ASSERT(before->first + (1u << before->second) <= *first);
        }
        ASSERT(buddies_.frame(*first).order == order);
        used_[*first] = order;
        used_frames_ += 1u << order;
    }

    void free(Used::iterator block) {
        buddies_.free(block->first, block->second);
        used_frames_ -= 1u << block->second;
        used_.erase(block);
    }

    // How many there are of each order.
    Counts free_blocks() const {
        Counts counts{};
        for (const Frame& frame : frames_) {
            if (frame.state == Frame::State::kFree) counts[frame.order]++;
        }
        return counts;
    }

    std::vector<Frame> frames_;
    BuddyAllocator buddies_;
    Counts free_at_start_;
    Used used_;
    uint64_t used_frames_ = 0;
};

}  // namespace mm
