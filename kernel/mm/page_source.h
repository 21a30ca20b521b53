// An object whose pages can be mapped: a file, or memory that several address spaces share. Whoever
// keeps the pages is the cache: mappings, read(2) and write(2) see the same frames.
#pragma once
#include <cstdint>

#include "arch/memory.h"
#include "lib/ref_ptr.h"
#include "lib/result.h"

namespace mm {

class PageSource : public lib::RefCounted<PageSource> {
public:
    virtual ~PageSource() = default;

    // Effect: the frame that holds page `index` of the object, with one reference more, which is the
    // caller's. ENXIO if the object ends before that page (SIGBUS), ENOMEM, EIO. Context: any lock of
    // rank kAddressSpace may be held; does not sleep.
    virtual Result<arch::PhysAddr> page(uint64_t index) = 0;

    // Effect: the same for whoever only looks (read(2)): a page that was never written to may be a frame of
    // zeros that others have too.
    virtual Result<arch::PhysAddr> page_to_look_at(uint64_t index) { return page(index); }

    // Effect: whether page(index) would find the frame without filling it (mincore(2)).
    virtual bool is_resident(uint64_t index) = 0;

    // Whether the pages are memory and nothing else: what is mapped of it counts like private memory.
    virtual bool is_memory() const { return false; }

    // Effect: the object loses these pages; they read as zeros again (madvise(2), MADV_REMOVE).
    virtual Result<void> discard(uint64_t first, uint64_t count) {
        static_cast<void>(first + count);
        return Errno{EOPNOTSUPP};
    }

    // Effect: writes the name by which /proc/<pid>/maps shows the object; empty for shared memory.
    virtual const char* name() const { return ""; }

protected:
    PageSource() = default;
};

}  // namespace mm
