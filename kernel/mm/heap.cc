// The kernel's heap. Contract: mm/heap.h. The slabs are slab_heap.cc's; here are its pages and its lock.
#include "mm/heap.h"

#include "mm/fail_nth.h"
#include "mm/frames.h"
#include "mm/slab_heap.h"
#include "sync/spinlock.h"

namespace mm {

static_assert(SlabHeap::kAlignment == lib::kHeapAlignment);
static_assert(SlabHeap::kMostAlignment == lib::kHeapMostAlignment);

namespace {

// Pages are frames, seen through the direct map.
class FrameSupply final : public PageSupply {
public:
    void* take(unsigned order) override {
        const Result<arch::PhysAddr> block = allocate_block(order);
        return block ? arch::direct_map(*block) : nullptr;
    }
    void give_back(void* block, unsigned order) override { free_block(address_of(block), order); }
    unsigned order_of(void* block) override { return frame_of(address_of(block)).order; }

private:
    static arch::PhysAddr address_of(const void* block) {
        return arch::PhysAddr{reinterpret_cast<uint64_t>(block) - arch::kDirectMapBase};
    }
};

sync::SpinLock heap_lock{sync::LockRank::kHeap};
constinit FrameSupply frame_supply;
constinit SlabHeap heap GUARDED_BY(heap_lock){frame_supply};

}  // namespace

void* allocate(size_t bytes, size_t alignment) {
    if (allocation_fails()) return nullptr;
    sync::SpinGuard guard(heap_lock);
    return heap.allocate(bytes, alignment);
}

void free(void* object) {
    sync::SpinGuard guard(heap_lock);
    heap.free(object);
}

HeapCounts count_heap() {
    sync::SpinGuard guard(heap_lock);
    return {heap.used_bytes(), heap.page_count()};
}

}  // namespace mm

const std::nothrow_t std::nothrow{};

void* operator new(size_t bytes, const std::nothrow_t&) noexcept { return mm::allocate(bytes); }
void* operator new[](size_t bytes, const std::nothrow_t&) noexcept { return mm::allocate(bytes); }
void* operator new(size_t bytes, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return mm::allocate(bytes, static_cast<size_t>(alignment));
}
void operator delete(void* object) noexcept { mm::free(object); }
void operator delete(void* object, std::align_val_t) noexcept { mm::free(object); }
void operator delete(void* object, size_t, std::align_val_t) noexcept { mm::free(object); }
void operator delete(void* object, size_t) noexcept { mm::free(object); }
void operator delete[](void* object) noexcept { mm::free(object); }
void operator delete[](void* object, size_t) noexcept { mm::free(object); }
