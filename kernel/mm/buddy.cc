// The buddy allocator. Contract: mm/buddy.h.
#include "mm/buddy.h"

#include "lib/todo.h"

namespace mm {

using State = Frame::State;

// ROOM paging.3 begin: take blocks apart and join them
Result<uint32_t> BuddyAllocator::allocate(unsigned order) {
    unsigned found = order;
    while (found <= kMaxOrder && any_free(found) == kNone) found++;
    if (found > kMaxOrder) return Errno{ENOMEM};
    const uint32_t first = any_free(found);
    take_free(first, found);
    while (found > order) {
        found--;
        put_free(first + (1u << found), found);  // the upper half
    }
    mark_used(first, order);
    return first;
}

void BuddyAllocator::free(uint32_t first, unsigned order) {
    end_use(first, order);
    while (order < kMaxOrder) {
        const uint32_t buddy = first ^ (1u << order);
        if (!is_free(buddy, order)) break;
        take_free(buddy, order);
        if (buddy < first) first = buddy;
        order++;
    }
    put_free(first, order);
}
// ROOM paging.3 end

void BuddyAllocator::start(std::span<Frame> frames) {
    frames_ = frames;
    total_ = free_ = 0;
    for (uint32_t& list : lists_) list = kNone;
}

void BuddyAllocator::add(uint32_t begin, uint32_t end) {
    ASSERT(begin <= end && end <= frames_.size());
    total_ += end - begin;
    while (begin < end) {
        unsigned order = 0;
        while (order < kMaxOrder && (begin >> order & 1) == 0 && end - begin >= 2u << order)
            order++;
        put_free(begin, order);
        begin += 1u << order;
    }
}

bool BuddyAllocator::is_free(uint32_t first, unsigned order) const {
    if (first >= frames_.size()) return false;
    return frames_[first].state == State::kFree && frames_[first].order == order;
}

void BuddyAllocator::put_free(uint32_t first, unsigned order) {
    ASSERT(order <= kMaxOrder && (first & ((1u << order) - 1)) == 0);
    ASSERT(first + (1u << order) <= frames_.size() && frames_[first].state == State::kNothing);
    Frame& frame = frames_[first];
    frame.state = State::kFree;
    frame.order = static_cast<uint8_t>(order);
    frame.previous = kNone;
    frame.next = lists_[order];
    if (frame.next != kNone) frames_[frame.next].previous = first;
    lists_[order] = first;
    free_ += 1u << order;
}

void BuddyAllocator::take_free(uint32_t first, unsigned order) {
    ASSERT(is_free(first, order));
    Frame& frame = frames_[first];
    frame.state = State::kNothing;
    if (frame.previous != kNone) {
        frames_[frame.previous].next = frame.next;
    } else {
        lists_[order] = frame.next;
    }
    if (frame.next != kNone) frames_[frame.next].previous = frame.previous;
    free_ -= 1u << order;
}

void BuddyAllocator::mark_used(uint32_t first, unsigned order) {
    ASSERT(frames_[first].state == State::kNothing);
    frames_[first].state = State::kUsed;
    frames_[first].order = static_cast<uint8_t>(order);
}

void BuddyAllocator::end_use(uint32_t first, unsigned order) {
#ifndef NDEBUG
    if (first >= frames_.size() || frames_[first].state != State::kUsed) {
        PANIC("frame {:#x} is freed, but nobody has it", first);
    }
    if (frames_[first].order != order) {
        PANIC("frame {:#x} is freed as a block of order {}, but its order is {}", first, order,
              frames_[first].order);
    }
#else
    static_cast<void>(order);
#endif
    frames_[first].state = State::kNothing;
}

}  // namespace mm
