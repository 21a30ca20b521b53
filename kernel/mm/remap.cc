// mremap(2). Contract: mm/address_space.h.
#include <linux/mman.h>

#include "lib/checked.h"
#include "mm/address_space.h"
#include "mm/heap.h"

namespace mm {

// mremap's arguments, sizes in whole pages.
struct AddressSpace::Remapping {
    uint64_t begin, size;
    uint64_t new_size;
    uint64_t flags;
    uint64_t new_begin;  // with MREMAP_FIXED
    bool may_be_low;

    uint64_t end() const { return begin + size; }
    bool has(uint64_t flag) const { return (flags & flag) != 0; }
};

Result<uint64_t> AddressSpace::remap(uint64_t old_begin, uint64_t old_size, uint64_t new_size,
                                     uint64_t flags, const MapRequest& wish,
                                     const core::Limits& limits) {
    constexpr uint64_t kKnown = MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP;
    if ((flags & ~kKnown) != 0) return Errno{EINVAL};
    const bool may_move = (flags & MREMAP_MAYMOVE) != 0;
    if ((flags & MREMAP_FIXED) != 0 && !may_move) return Errno{EINVAL};
    const bool keeps = (flags & MREMAP_DONTUNMAP) != 0;
    if (keeps && (!may_move || old_size != new_size)) return Errno{EINVAL};
    if (!lib::is_aligned(old_begin, arch::kPageSize)) return Errno{EINVAL};
    // A size that overflows becomes 0, as in Linux's PAGE_ALIGN.
    const auto old_pages = lib::align_up(old_size, arch::kPageSize);
    const auto new_pages = lib::align_up(new_size, arch::kPageSize);
    Remapping remapping = {
        old_begin,      old_pages ? *old_pages : 0, new_pages ? *new_pages : 0, flags, wish.address,
        wish.may_be_low};
    if (remapping.new_size == 0) return Errno{EINVAL};
    RemovedVmas removed;
    sync::SpinGuard guard(lock_);
    const Vma* vma = vmas_.find(old_begin);
    if (vma == nullptr || !vma->contains(old_begin)) return Errno{EFAULT};
    if (remapping.has(MREMAP_FIXED) || keeps) return move_to(remapping, limits, removed);
    return resize(remapping, limits, removed);
}

// Linux: vma_to_resize(). Whether the old range is one mapping, and growing stays within limits.
Result<Vma*> AddressSpace::check_remapping(const Remapping& remapping, const core::Limits& limits) {
    Vma* vma = vmas_.find(remapping.begin);
    if (vma == nullptr || !vma->contains(remapping.begin)) return Errno{EFAULT};
    // No old size: a second look at shared memory.
    if (remapping.size == 0 && (vma->flags & Vma::kShared) == 0) return Errno{EINVAL};
    if (remapping.size > vma->end - remapping.begin) return Errno{EFAULT};
    const uint64_t grows =
        remapping.new_size > remapping.size ? remapping.new_size - remapping.size : 0;
    const uint64_t offset = vma->offset + (remapping.begin - vma->begin);
    if (offset + remapping.new_size < offset) return Errno{EINVAL};
    TRY(check_size(grows, 0, limits));
    TRY(check_data(vma->flags, vma->protection, grows, limits));
    TRY(check_commit(*vma, vma->protection, grows));
    return vma;
}

// Linux: mremap_to(). The place is the caller's, and what lies there goes.
Result<uint64_t> AddressSpace::move_to(Remapping& remapping, const core::Limits& limits,
                                       RemovedVmas& removed) {
    const uint64_t size = remapping.new_size;
    if (!lib::is_aligned(remapping.new_begin, arch::kPageSize)) return Errno{EINVAL};
    if (size > arch::kUserEnd || remapping.new_begin > arch::kUserEnd - size) return Errno{EINVAL};
    const bool fixed = remapping.has(MREMAP_FIXED);
    if (fixed && remapping.begin + remapping.size > remapping.new_begin &&
        remapping.new_begin + size > remapping.begin) {
        return Errno{EINVAL};
    }
    if (vmas_.count() + 2 > kMostMappings) return Errno{ENOMEM};
    if (fixed) TRY(clear_range(remapping.new_begin, remapping.new_begin + size, removed));
    if (remapping.size > size) {
        TRY(clear_range(remapping.begin + size, remapping.end(), removed));
        remapping.size = size;
    }
    Vma* vma = TRY(check_remapping(remapping, limits));
    if (fixed && remapping.new_begin < kLowestMapping && !remapping.may_be_low) return Errno{EPERM};
    if (!fixed) {
        MapRequest wish;
        wish.address = remapping.new_begin;
        remapping.new_begin = TRY(choose_place(wish, size));
    }
    return move(*vma, remapping, removed);
}

bool AddressSpace::can_grow_in_place(const Vma& vma, uint64_t end) {
    return end <= arch::kUserEnd && vmas_.find_gap(end - vma.end, vma.end, end).has_value();
}

Result<uint64_t> AddressSpace::resize(Remapping& remapping, const core::Limits& limits,
                                      RemovedVmas& removed) {
    if (remapping.size >= remapping.new_size) {
        const uint64_t end = remapping.begin + remapping.new_size;
        if (remapping.size > remapping.new_size) {
            TRY(clear_range(end, remapping.end(), removed));
        }
        return remapping.begin;
    }
    Vma* vma = TRY(check_remapping(remapping, limits));
    const uint64_t end = remapping.begin + remapping.new_size;
    if (remapping.end() == vma->end && can_grow_in_place(*vma, end)) {
        vmas_.set_end(*vma, end);
        merge_around(vma->begin, end, removed);
        return remapping.begin;
    }
    if (!remapping.has(MREMAP_MAYMOVE)) return Errno{ENOMEM};
    remapping.new_begin = TRY(choose_place({}, remapping.new_size));
    return move(*vma, remapping, removed);
}

// Linux: move_vma(). A mapping like the old one at the new place, the pages moved into it.
Result<uint64_t> AddressSpace::move(Vma& vma, const Remapping& remapping, RemovedVmas& removed) {
    auto fresh = TRY(lib::make<Vma>());
    Edges edges = TRY(prepare_edges(remapping.begin, remapping.end()));
    TRY(move_pages(remapping.begin, remapping.new_begin, remapping.size));
    Vma& moved = *fresh.release();
    moved.begin = remapping.new_begin;
    moved.end = remapping.new_begin + remapping.new_size;
    moved.protection = vma.protection;
    moved.flags = vma.flags;
    moved.source = vma.source;
    moved.offset = vma.offset + (remapping.begin - vma.begin);
    if (moved.source) moved.source->add_mapping();  // it has one all the time: the pages have moved
    if (remapping.size != 0 && !remapping.has(MREMAP_DONTUNMAP)) {
        clear(std::move(edges), remapping.begin, remapping.end(), removed);
    }
    vmas_.insert(moved);
    if (moved.source) moved.source->remove_mapping();
    merge_around(remapping.new_begin, remapping.new_begin + remapping.new_size, removed);
    return remapping.new_begin;
}

// First the tables that can fail to be made, then the entries, which cannot.
Result<void> AddressSpace::move_pages(uint64_t from, uint64_t to, uint64_t size) {
    PageTable* const table = &table_;  // for the functions below, which hold no lock by themselves
    const auto made =
        table->for_each_page(from, from + size, [&](uint64_t page, arch::Pte*) -> Result<void> {
            TRY(table->find_or_make(page - from + to));
            return {};
        });
    if (!made) {
        Unmapped gone(cpus_);
        table->unmap(to, to + size, gone);
        return made.error();
    }
    MUST(table->for_each_page(from, from + size,
                              [&](uint64_t page, arch::Pte* entry) -> Result<void> {
                                  set_entry(table->find(page - from + to), *entry);
                                  set_entry(entry, arch::kNoEntry);
                                  return {};
                              }));
    flush_tlb_of(cpus_, from, from + size);
    // The tables of the old place may be empty now.
    Unmapped gone(cpus_);
    table->unmap(from, from + size, gone);
    return {};
}

}  // namespace mm
