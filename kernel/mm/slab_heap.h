// Small objects side by side in pages. One page, called a slab, holds objects of one size:
//
//     ┌──────┬────────┬────────┬────────┬── … ──┐
//     │ Slab │ object │ object │ object │       │   4096 bytes, aligned: the slab of an object is at
//     └──────┴────────┴────────┴────────┴── … ──┘   its address rounded down
//
// What is too large for half a slab gets a block of pages to itself. Pages come from a PageSupply, so this
// runs on any machine; heap.cc adds the kernel's frames and the lock.
#pragma once
#include <cstddef>
#include <cstdint>

namespace mm {

class PageSupply {
public:
    // Effect: 2^order pages of 4096 bytes, aligned to their size, or null; takes them back; the order
    // with which a block was taken.
    virtual void* take(unsigned order) = 0;
    virtual void give_back(void* block, unsigned order) = 0;
    virtual unsigned order_of(void* block) = 0;

protected:
    ~PageSupply() = default;
};

// No locks: the caller's job.
class SlabHeap {
public:
    static constexpr size_t kPageSize = 4096;
    static constexpr size_t kAlignment = 16;
    static constexpr size_t kMostAlignment = 64;  // for whoever asks: of the sizes that it divides
    // The sizes of objects: two to a slab, three, four …, then the small ones that are asked for most.
    static constexpr uint16_t kSizes[] = {16,  32,  48,  64,  80,  96,  112, 128,  144,  160,
                                          192, 224, 256, 320, 400, 496, 672, 1008, 1344, 1984};
    static constexpr size_t kClasses = sizeof(kSizes) / sizeof(kSizes[0]);
    static constexpr size_t kLargestSmall = kSizes[kClasses - 1];

    constexpr explicit SlabHeap(PageSupply& pages) : pages_(pages) {}

    // Contracts: mm::allocate and mm::free (heap.h).
    void* allocate(size_t bytes, size_t alignment = kAlignment);
    void free(void* object);

    uint64_t used_bytes() const { return used_bytes_; }  // objects that are allocated, as given out
    uint64_t page_count() const { return page_count_; }  // pages taken for that

private:
    struct FreeObject {
        FreeObject* next;
    };
    struct Slab {
        Slab* next = nullptr;  // in lists_[size_class], unless every object is used
        Slab* previous = nullptr;
        FreeObject* free = nullptr;
        uint16_t used = 0;
        uint16_t fresh = 0;  // objects from here on were never given out
        uint16_t size_class = 0;
    };
    static constexpr size_t kHeader = kMostAlignment;
    static_assert(sizeof(Slab) <= kHeader && kLargestSmall % kMostAlignment == 0);

    static constexpr uint16_t objects_in_slab(size_t size_class) {
        return static_cast<uint16_t>((kPageSize - kHeader) / kSizes[size_class]);
    }
    static size_t class_for(size_t bytes, size_t alignment);

    Slab* new_slab(size_t size_class);
    void link(Slab& slab);
    void unlink(Slab& slab);
    void* allocate_pages(size_t bytes);
    void free_pages(void* block);
    void check_in_use(const Slab& slab, const void* object) const;

    PageSupply& pages_;
    Slab* lists_[kClasses] = {};  // slabs with room, by size
    uint64_t used_bytes_ = 0;
    uint64_t page_count_ = 0;
};

}  // namespace mm
