// Small objects side by side in pages. Contract: mm/slab_heap.h.
#include "mm/slab_heap.h"

#include <new>

#include "lib/assert.h"
#include "mm/poison.h"

namespace mm {

namespace {

constexpr unsigned kMostOrder = 10;  // of a block of pages: 4 MiB

// Debug builds: of a free object everything behind its link is filled with the pattern.
constexpr size_t kLinkBytes = sizeof(void*);

void poison_object(void* object, size_t size) {
    poison(static_cast<char*>(object) + kLinkBytes, size - kLinkBytes);
}

void check_object(const void* object, size_t size) {
    const size_t offset =
        first_change(static_cast<const char*>(object) + kLinkBytes, size - kLinkBytes);
    if (offset < size - kLinkBytes) {
        PANIC(
            "a heap object at {} ({} bytes) was written to after it was freed, first at its byte "
            "{}",
            object, size, offset + kLinkBytes);
    }
}

// The size class of every multiple of 16 bytes, so that allocate() need not search.
struct ClassTable {
    constexpr ClassTable() {
        uint8_t size_class = 0;
        for (size_t units = 0; units <= SlabHeap::kLargestSmall / SlabHeap::kAlignment; units++) {
            if (units * SlabHeap::kAlignment > SlabHeap::kSizes[size_class]) size_class++;
            of[units] = size_class;
        }
    }
    uint8_t of[SlabHeap::kLargestSmall / SlabHeap::kAlignment + 1] = {};
};
constexpr ClassTable class_table;

}  // namespace

size_t SlabHeap::class_for(size_t bytes, size_t alignment) {
    size_t size_class = class_table.of[(bytes + kAlignment - 1) / kAlignment];
    while ((kSizes[size_class] & (alignment - 1)) != 0) size_class++;
    return size_class;
}

void* SlabHeap::allocate(size_t bytes, size_t alignment) {
    if (bytes > kLargestSmall) return allocate_pages(bytes);
    const size_t size_class = class_for(bytes, alignment);
    Slab* slab = lists_[size_class];
    if (slab == nullptr) {
        slab = new_slab(size_class);
        if (slab == nullptr) return nullptr;
    }
    const size_t size = kSizes[size_class];
    void* object;
    if (slab->free != nullptr) {
        object = slab->free;
        if (kPoisonsFreed) check_object(object, size);
        slab->free = slab->free->next;
    } else {
        object = reinterpret_cast<char*>(slab) + kHeader + slab->fresh * size;
        slab->fresh++;
    }
    slab->used++;
    if (slab->used == objects_in_slab(size_class)) unlink(*slab);
    used_bytes_ += size;
    return object;
}

void SlabHeap::free(void* object) {
    if (object == nullptr) return;
    const uintptr_t offset = reinterpret_cast<uintptr_t>(object) % kPageSize;
    if (offset == 0) {
        free_pages(object);
        return;
    }
    Slab& slab = *reinterpret_cast<Slab*>(static_cast<char*>(object) - offset);
    if (kPoisonsFreed) check_in_use(slab, object);
    const size_t size = kSizes[slab.size_class];
    if (kPoisonsFreed) poison_object(object, size);
    auto* freed = static_cast<FreeObject*>(object);
    freed->next = slab.free;
    slab.free = freed;
    used_bytes_ -= size;
    if (slab.used == objects_in_slab(slab.size_class)) link(slab);
    slab.used--;
    if (slab.used == 0) {
        unlink(slab);
        page_count_--;
        pages_.give_back(&slab, 0);
    }
}

// Debug builds: panics unless `object` is one that this slab gave out.
void SlabHeap::check_in_use(const Slab& slab, const void* object) const {
    const size_t offset = reinterpret_cast<uintptr_t>(object) % kPageSize - kHeader;
    const size_t size = slab.size_class < kClasses ? kSizes[slab.size_class] : 1;
    if (offset % size != 0 || offset / size >= slab.fresh) {
        PANIC("{} is freed, but was never allocated", object);
    }
    // An object that holds the pattern by chance is not free yet: the list decides.
    if (!lib::is_poison(static_cast<const uint64_t*>(object)[1])) return;
    for (const FreeObject* at = slab.free; at != nullptr; at = at->next) {
        if (at == object) PANIC("a heap object at {} is freed twice", object);
    }
}

SlabHeap::Slab* SlabHeap::new_slab(size_t size_class) {
    void* page = pages_.take(0);
    if (page == nullptr) return nullptr;
    page_count_++;
    Slab* slab = new (page) Slab;
    slab->size_class = static_cast<uint16_t>(size_class);
    link(*slab);
    return slab;
}

void SlabHeap::link(Slab& slab) {
    Slab*& list = lists_[slab.size_class];
    slab.previous = nullptr;
    slab.next = list;
    if (list != nullptr) list->previous = &slab;
    list = &slab;
}

void SlabHeap::unlink(Slab& slab) {
    if (slab.previous != nullptr) {
        slab.previous->next = slab.next;
    } else {
        lists_[slab.size_class] = slab.next;
    }
    if (slab.next != nullptr) slab.next->previous = slab.previous;
}

void* SlabHeap::allocate_pages(size_t bytes) {
    unsigned order = 0;
    while (order <= kMostOrder && kPageSize << order < bytes) order++;
    if (order > kMostOrder) return nullptr;
    void* block = pages_.take(order);
    if (block == nullptr) return nullptr;
    page_count_ += 1u << order;
    used_bytes_ += kPageSize << order;
    return block;
}

void SlabHeap::free_pages(void* block) {
    const unsigned order = pages_.order_of(block);
    page_count_ -= 1u << order;
    used_bytes_ -= kPageSize << order;
    pages_.give_back(block, order);
}

}  // namespace mm
