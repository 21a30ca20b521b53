// What of the computer's RAM may be given out. Contract: mm/ram_map.h.
#include "mm/ram_map.h"

#include "lib/checked.h"

namespace mm {

namespace {

// No RAM is near the end of 64 bits.
uint64_t frame_up(uint64_t address) { return MUST(lib::align_up(address, kFrameSize)); }
uint64_t frame_down(uint64_t address) { return lib::align_down(address, kFrameSize); }

// The lowest stretch of whole frames of RAM at or above `from`.
PhysRange next_ram(std::span<const PhysRange> ram, uint64_t from) {
    PhysRange lowest{0, 0};
    for (const PhysRange& range : ram) {
        const uint64_t begin = frame_up(range.begin > from ? range.begin : from);
        const uint64_t end = frame_down(range.end);
        if (begin < end && (lowest.end == 0 || begin < lowest.begin)) lowest = {begin, end};
    }
    return lowest;
}

// The reserved range that has a byte in this frame, or null.
const PhysRange* reserved_at(std::span<const PhysRange> reserved, uint64_t frame) {
    for (const PhysRange& range : reserved) {
        const bool empty = range.begin >= range.end;
        if (!empty && range.begin < frame + kFrameSize && frame < range.end) return &range;
    }
    return nullptr;
}

}  // namespace

PhysRange next_free_range(std::span<const PhysRange> ram, std::span<const PhysRange> reserved,
                          uint64_t from) {
    PhysRange found = next_ram(ram, from);
    while (found.end != 0) {
        const PhysRange* taken = reserved_at(reserved, found.begin);
        if (taken == nullptr) break;
        found = next_ram(ram, frame_up(taken->end));
    }
    for (const PhysRange& range : reserved) {
        const uint64_t begin = frame_down(range.begin);
        if (range.begin < range.end && begin > found.begin && begin < found.end) found.end = begin;
    }
    return found;
}

}  // namespace mm
