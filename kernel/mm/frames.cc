// Physical page frames. Contract: mm/frames.h. The arithmetic of blocks is buddy.cc's; here are RAM, the
// lock, the counting of references and the checks of debug builds.
#include "mm/frames.h"

#include <cstring>

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "lib/checked.h"
#include "mm/fail_nth.h"
#include "mm/poison.h"
#include "mm/ram_map.h"
#include "sync/preempt.h"
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
// large block apart that the next free would join again. They count as free. Each CPU has its own, used
// with preemption off and without a lock; `count` is read by others.
struct Cache {
    uint32_t first = BuddyAllocator::kNone;  // the next ones by Frame::next
    lib::Atomic<uint32_t> count{0};
};
constexpr uint32_t kMostCached = 64;
constexpr uint32_t kBatch = 16;  // that many move between here and the buddies at a time
Cache caches[arch::kMaxCpus];

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

// ---- single frames: preemption is off ----------------------------------------------------------------

uint32_t count_of(const Cache& cache) { return cache.count.load(lib::Order::kRelaxed); }

void put_aside(Cache& cache, uint32_t number) {
    frames[number].state = State::kCached;
    frames[number].next = cache.first;
    cache.first = number;
    cache.count.store(count_of(cache) + 1, lib::Order::kRelaxed);
}

uint32_t take_aside(Cache& cache) {
    const uint32_t number = cache.first;
    cache.first = frames[number].next;
    cache.count.store(count_of(cache) - 1, lib::Order::kRelaxed);
    frames[number].state = State::kUsed;
    return number;
}

// Not inlined: what is rarely done shall not make what is often done save registers.
[[gnu::noinline]] void fill_cache(Cache& cache) {
    sync::SpinGuard guard(frames_lock);
    while (count_of(cache) < kBatch) {
        const Result<uint32_t> number = buddies.allocate(0);
        if (!number) return;
        put_aside(cache, *number);
    }
}

[[gnu::noinline]] void join_cached(Cache& cache, uint32_t count) {
    sync::SpinGuard guard(frames_lock);
    for (; count > 0; count--) buddies.free(take_aside(cache), 0);
}

// ---- blocks by their numbers -------------------------------------------------------------------------

Result<uint32_t> take_single() {
    sync::PreemptGuard guard;
    Cache& cache = caches[arch::this_cpu()->index];
    if (count_of(cache) == 0) {
        fill_cache(cache);
        if (count_of(cache) == 0) return Errno{ENOMEM};
    }
    return take_aside(cache);
}

void put_single(uint32_t number) {
    sync::PreemptGuard guard;
    Cache& cache = caches[arch::this_cpu()->index];
    put_aside(cache, number);
    if (count_of(cache) > kMostCached) join_cached(cache, kBatch);
}

[[gnu::noinline]] Result<uint32_t> take_block(unsigned order) {
    {
        sync::SpinGuard guard(frames_lock);
        const Result<uint32_t> number = buddies.allocate(order);
        if (number) return number;
    }
    // Frames that are kept aside may be what a large block lacks.
    sync::PreemptGuard preemption;
    Cache& cache = caches[arch::this_cpu()->index];
    join_cached(cache, count_of(cache));
    sync::SpinGuard guard(frames_lock);
    return buddies.allocate(order);
}

[[gnu::noinline]] void put_block(uint32_t first, unsigned order) {
    sync::SpinGuard guard(frames_lock);
    buddies.free(first, order);
}

// ---- checks of debug builds ---------------------------------------------------------------------

// `entries` of a frame that is free and filled with a pattern.
constexpr uint16_t kPoisoned = 0x9e9e;

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

// A block that was just taken becomes the caller's, with its one reference.
arch::PhysAddr hand_out(uint32_t number, unsigned order) {
    if (kPoisonsFreed) check_block(number, order);
    frames[number].references.store(1, lib::Order::kRelaxed);
    frames[number].entries = 0;
    return address_of(number);
}

}  // namespace

Result<arch::PhysAddr> allocate_block(unsigned order) {
    ASSERT(order <= kMaxOrder);
    if (order == 0) return allocate_frame();
    if (allocation_fails()) return Errno{ENOMEM};
    return hand_out(TRY(take_block(order)), order);
}

Result<arch::PhysAddr> allocate_frame() {
    if (allocation_fails()) return Errno{ENOMEM};
    return hand_out(TRY(take_single()), 0);
}

void free_block(arch::PhysAddr first, unsigned order) {
    const uint32_t number = number_of(first);
    if (kPoisonsFreed) {
        check_in_use(first, order);
        poison_block(number, order);
    }
    frames[number].references.store(0, lib::Order::kRelaxed);
    if (order == 0) {
        put_single(number);
    } else {
        put_block(number, order);
    }
}

Result<arch::PhysAddr> allocate_zeroed_frame() {
    const arch::PhysAddr frame = TRY(allocate_frame());
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
    uint64_t free = buddies.free_count();
    for (const Cache& cache : caches) free += count_of(cache);
    return {buddies.total(), free};
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
