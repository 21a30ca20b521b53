// The kernel's heap: objects of any size, small ones side by side in pages (slab_heap.h).
// `new (std::nothrow)` and `delete` come here; lib::make and lib::make_ref make owners of what they get.
//
// Plain `new` does not link: whoever asks for memory must be ready for the answer no.
#pragma once
#include <cstddef>
#include <cstdint>

#include "lib/make.h"

namespace mm {

// Effect: `bytes` bytes of any content, aligned to `alignment`, 16 to 64 (from half a page up: to a page),
// or null: there is no memory, or /proc/self/fail-nth says so. Context: any but an interrupt handler;
// takes the heap and frames locks. At most 4 MiB.
void* allocate(size_t bytes, size_t alignment = lib::kHeapAlignment);

// Effect: gives back what allocate() returned; null is allowed. The last object of a page gives the page
// back. Debug builds panic if it is freed twice, or was written to after it was freed.
void free(void* object);

struct HeapCounts {
    uint64_t used_bytes;  // of objects that are allocated, rounded up to what they got
    uint64_t pages;       // taken from the frames for that
};
HeapCounts count_heap();

}  // namespace mm
