// An object whose pages can be mapped: a file, or memory that several address spaces share. Whoever
// keeps the pages is the cache: mappings, read(2) and write(2) see the same frames.
#pragma once
#include <cstdint>

#include "arch/memory.h"
#include "lib/atomic.h"
#include "lib/ref_ptr.h"
#include "lib/result.h"

namespace mm {

class PageSource : public lib::RefCounted<PageSource> {
public:
    virtual ~PageSource() = default;

    // Effect: the frame that holds page `index` of the object, with one reference more, which is the
    // caller's. ENOMEM; ENXIO if the object ends before that page, ENOSPC, EIO: SIGBUS. Context: any lock
    // of rank kAddressSpace may be held; does not sleep.
    virtual Result<arch::PhysAddr> page(uint64_t index) = 0;

    // Effect: the same for whoever only looks (read(2)): a page that was never written to may be a frame of
    // zeros that others have too.
    virtual Result<arch::PhysAddr> page_to_look_at(uint64_t index) { return page(index); }

    // Whether each mapping that shares it has pages of its own, zeros at first (/dev/zero; mmap(2)).
    virtual bool is_fresh_for_each() const { return false; }

    // Effect: whether page(index) would find the frame without filling it (mincore(2)).
    virtual bool is_resident(uint64_t index) = 0;

    // Whether the pages are memory and nothing else: what is mapped of it counts like private memory.
    virtual bool is_memory() const { return false; }

    // Whether `frame` holds page `index` of the object now. Context: as page().
    virtual bool shows(uint64_t index, arch::PhysAddr frame) {
        static_cast<void>(index);
        return raw(frame) == 0;
    }

    // Effect: pages first ≤ i < end read as zeros again and take no memory, in the object and in every
    // mapping that shows them; private copies stay (MADV_REMOVE of madvise(2), FALLOC_FL_PUNCH_HOLE of
    // fallocate(2)).
    // EOPNOTSUPP, ENOMEM. Context: the caller is an owner and holds no lock of rank kAddressSpace or later.
    virtual Result<void> discard(uint64_t first, uint64_t end) {
        static_cast<void>(first + end);
        return Errno{EOPNOTSUPP};
    }

    // Effect: no entry of any page table leads to pages first ≤ i < end any more, and no CPU remembers one;
    // with kGo, nor to private copies of them. Whoever touches such a page next asks page() again, so the
    // object has changed before, if it shall not answer as it did. Context: as discard().
    enum class Copies : uint8_t { kStay, kGo };
    void unmap_everywhere(uint64_t first, uint64_t end, Copies copies);

    // ETXTBSY: nobody writes to a program that runs, and nobody runs what is being written to (Linux:
    // i_writecount). Writers are files that are open for writing and the mappings that they made; runners are
    // the programs of processes. Effect: one more, ETXTBSY if there is one of the other kind; one less.
    Result<void> add_writer() { return add_user(1); }
    void remove_writer() { users_.fetch_add(-1); }
    Result<void> add_runner() { return add_user(-1); }
    void remove_runner() { users_.fetch_add(1); }
    // Effect: a writer more, where there is one already that the caller keeps from leaving.
    void join_writers() { users_.fetch_add(1); }

    // How many mappings show it (VmaTree counts).
    void add_mapping() { mappings_.fetch_add(1); }
    void remove_mapping() { mappings_.fetch_add(-1); }

    // Effect: writes the name by which /proc/<pid>/maps shows the object; empty for shared memory.
    virtual const char* name() const { return ""; }

protected:
    PageSource() = default;

private:
    Result<void> add_user(int kind) {
        int users = users_.load();
        do {
            if (users != 0 && (users > 0) != (kind > 0)) return Errno{ETXTBSY};
        } while (!users_.compare_exchange(users, users + kind));
        return {};
    }

    lib::Atomic<int> mappings_{0};
    lib::Atomic<int> users_{0};  // writers; runners count less than nothing
};

}  // namespace mm
