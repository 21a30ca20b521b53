// Physical page frames. Contract: mm/frames.h. The arithmetic of blocks is buddy.cc's; here are RAM, the
// lock, the counting of references and the checks of debug builds.
#include "mm/frames.h"

#include <cstring>

#include "lib/checked.h"
#include "mm/fail_nth.h"
#include "mm/poison.h"
#include "mm/ram_map.h"
#include "sync/spinlock.h"

namespace mm {

namespace {

using State = Frame::State;

static_assert(kFrameSize == arch::kPageSize);

// Set at boot, then only read: frames[n] describes the page at (first_page + n) * kFrameSize.
Frame* frames = nullptr;
uint64_t frame_count = 0;
uint64_t first_page = 0;

sync::SpinLock frames_lock{sync::LockRank::kFrames};
BuddyAllocator buddies GUARDED_BY(frames_lock);

// Single frames that were freed lately, kept aside: most requests are for one frame, and would take a
// large block apart that the next free would join again. Any that are here count as free.
constexpr uint32_t kMostCached = 64;
constexpr uint32_t kBatch = 16;  // that many move between here and the buddies at a time
uint32_t cache GUARDED_BY(frames_lock) = BuddyAllocator::kNone;
uint32_t cached_count GUARDED_BY(frames_lock) = 0;

uint32_t number_of(arch::PhysAddr address) {
    const uint64_t number = raw(address) / kFrameSize - first_page;  // wraps below the first page
#ifndef NDEBUG
    if (number >= frame_count) PANIC("address {:#x} is not in RAM", raw(address));
#endif
    return static_cast<uint32_t>(number);
}

arch::PhysAddr address_of(uint32_t number) {
    return arch::PhysAddr{(first_page + number) * kFrameSize};
}

// ---- single frames ------------------------------------------------------------------------------

void put_aside(uint32_t number) REQUIRES(frames_lock) {
    frames[number].state = State::kCached;
    frames[number].next = cache;
    cache = number;
    cached_count++;
}

uint32_t take_aside() REQUIRES(frames_lock) {
    const uint32_t number = cache;
    cache = frames[number].next;
    cached_count--;
    frames[number].state = State::kUsed;
    return number;
}

Result<uint32_t> take_single() REQUIRES(frames_lock) {
    if (cached_count == 0) {
        for (uint32_t i = 0; i < kBatch; i++) {
            const Result<uint32_t> number = buddies.allocate(0);
            if (!number) break;
            put_aside(*number);
        }
        if (cached_count == 0) return Errno{ENOMEM};
    }
    return take_aside();
}

void join_cached(uint32_t count) REQUIRES(frames_lock) {
    for (; count > 0; count--) buddies.free(take_aside(), 0);
}

// Frames that are kept aside may be what a large block lacks.
Result<uint32_t> take_block(unsigned order) REQUIRES(frames_lock) {
    const Result<uint32_t> number = buddies.allocate(order);
    if (number || cached_count == 0) return number;
    join_cached(cached_count);
    return buddies.allocate(order);
}

// ---- checks of debug builds ---------------------------------------------------------------------

constexpr uint16_t kPoisoned =
    0xA7;  // `entries` of a frame that is free and filled with the pattern

void poison_block(uint32_t first, unsigned order) {
    for (uint32_t number = first; number < first + (1u << order); number++) {
        poison(arch::direct_map(address_of(number)), kFrameSize);
        frames[number].entries = kPoisoned;
    }
}

// Memory that was never in use was never filled, either: it is not worth the time at boot.
void check_block(uint32_t first, unsigned order) {
    for (uint32_t number = first; number < first + (1u << order); number++) {
        if (frames[number].entries != kPoisoned) continue;
        const size_t offset = first_change(arch::direct_map(address_of(number)), kFrameSize);
        if (offset < kFrameSize) {
            PANIC("frame {:#x} was written to while it was free, first at its byte {:#x}",
                  raw(address_of(number)), offset);
        }
        frames[number].entries = 0;
    }
}

void check_in_use(arch::PhysAddr first, unsigned order) {
    const Frame& frame = frames[number_of(first)];
    if (frame.state == State::kUsed && frame.order == order) return;
    if (frame.state == State::kUsed) {
        PANIC("frame {:#x} is freed as a block of order {}, but its order is {}", raw(first), order,
              frame.order);
    }
    const bool is_free = frame.state == State::kFree || frame.state == State::kCached;
    PANIC("frame {:#x} is freed {}", raw(first),
          is_free ? "twice" : "but is nobody's: reserved, or inside a block");
}

}  // namespace

Result<arch::PhysAddr> allocate_block(unsigned order) {
    ASSERT(order <= kMaxOrder);
    if (allocation_fails()) return Errno{ENOMEM};
    uint32_t number;
    {
        sync::SpinGuard guard(frames_lock);
        number = TRY(order == 0 ? take_single() : take_block(order));
    }
    if (kPoisonsFreed) check_block(number, order);
    frames[number].references.store(1, lib::Order::kRelaxed);
    frames[number].entries = 0;
    return address_of(number);
}

void free_block(arch::PhysAddr first, unsigned order) {
    const uint32_t number = number_of(first);
    if (kPoisonsFreed) {
        check_in_use(first, order);
        poison_block(number, order);
    }
    frames[number].references.store(0, lib::Order::kRelaxed);
    sync::SpinGuard guard(frames_lock);
    if (order != 0) {
        buddies.free(number, order);
        return;
    }
    put_aside(number);
    if (cached_count > kMostCached) join_cached(kBatch);
}

Result<arch::PhysAddr> allocate_frame() { return allocate_block(0); }

Result<arch::PhysAddr> allocate_zeroed_frame() {
    const arch::PhysAddr frame = TRY(allocate_block(0));
    memset(arch::direct_map(frame), 0, kFrameSize);
    return frame;
}

void retain_frame(arch::PhysAddr frame) {
    // Whoever adds a reference knows of another, so the frame stays: nothing to order.
    const uint32_t before = frame_of(frame).references.fetch_add(1, lib::Order::kRelaxed);
    if (kPoisonsFreed && before == 0) PANIC("frame {:#x} is nobody's to share", raw(frame));
}

void release_frame(arch::PhysAddr frame) {
    // What the others did to the frame must have happened before it is another's.
    const uint32_t before = frame_of(frame).references.fetch_add(-1u, lib::Order::kAll);
    if (kPoisonsFreed && before == 0) PANIC("frame {:#x} is released once too often", raw(frame));
    if (before == 1) free_block(frame, frame_of(frame).order);
}

unsigned frame_references(arch::PhysAddr frame) {
    return frame_of(frame).references.load(lib::Order::kAcquire);
}

Frame& frame_of(arch::PhysAddr address) { return frames[number_of(address)]; }

FrameCounts count_frames() {
    sync::SpinGuard guard(frames_lock);
    return {buddies.total(), buddies.free_count() + cached_count};
}

void init_frames(std::span<const PhysRange> ram, std::span<const PhysRange> reserved) {
    ASSERT(frames == nullptr);
    uint64_t lowest = ~0ull;
    uint64_t highest = 0;
    for (const PhysRange& range : ram) {
        if (range.begin < lowest) lowest = range.begin;
        if (range.end > highest) highest = range.end;
    }
    if (highest <= lowest) PANIC("there is no RAM");

    // Frame 0 is aligned as the largest block, so that blocks are aligned in RAM as in the array.
    first_page = lib::align_down(lowest / kFrameSize, uint64_t{1} << kMaxOrder);
    frame_count = highest / kFrameSize - first_page;
    const uint64_t array_bytes = MUST(lib::align_up(frame_count * sizeof(Frame), kFrameSize));
    PhysRange place = next_free_range(ram, reserved, 0);
    while (place.end != 0 && place.end - place.begin < array_bytes) {
        place = next_free_range(ram, reserved, place.end);
    }
    if (place.end == 0) PANIC("too little RAM: no {} bytes in one piece", array_bytes);
    frames = arch::direct_map<Frame>(arch::PhysAddr{place.begin});
    memset(static_cast<void*>(frames), 0, array_bytes);

    sync::SpinGuard guard(frames_lock);
    buddies.start({frames, frame_count});
    PhysRange found = next_free_range(ram, reserved, 0);
    while (found.end != 0) {
        const uint64_t begin = found.begin == place.begin ? place.begin + array_bytes : found.begin;
        if (begin < found.end) {
            buddies.add(number_of(arch::PhysAddr{begin}),
                        static_cast<uint32_t>(found.end / kFrameSize - first_page));
        }
        found = next_free_range(ram, reserved, found.end);
    }
}

}  // namespace mm
