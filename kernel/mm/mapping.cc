// Mappings come and go: mmap, munmap, mprotect, brk. Contract: mm/address_space.h.
//
// A change of a range is prepared (place, limits, the objects for mappings that are cut in two) before
// anything is touched, and then done by steps that cannot fail: an error leaves the program as it was.
#include <linux/mman.h>

#include "lib/checked.h"
#include "mm/address_space.h"
#include "mm/frames.h"
#include "mm/heap.h"

namespace mm {

namespace {

constexpr int kProtections = PROT_READ | PROT_WRITE | PROT_EXEC;

uint32_t flags_of(const MapRequest& request) {
    uint32_t flags = request.vma_flags;
    if ((request.flags & MAP_TYPE) != MAP_PRIVATE) flags |= Vma::kShared;
    if ((request.flags & MAP_GROWSDOWN) != 0) flags |= Vma::kGrowsDown;
    if ((request.flags & MAP_NORESERVE) != 0) flags |= Vma::kNoReserve;
    return flags;
}

bool is_data(uint32_t flags, int protection) {
    return (protection & PROT_WRITE) != 0 && (flags & (Vma::kShared | Vma::kGrowsDown)) == 0;
}

}  // namespace

RemovedVmas::~RemovedVmas() {
    while (first_ != nullptr) delete std::exchange(first_, first_->next_removed);
}

void RemovedVmas::add(Vma& vma) { vma.next_removed = std::exchange(first_, &vma); }

// ---- ranges -----------------------------------------------------------------------------------------

Result<AddressSpace::Edges> AddressSpace::prepare_edges(uint64_t begin, uint64_t end) {
    Edges edges;
    const Vma* first = vmas_.find(begin);
    if (first != nullptr && first->begin < begin) edges.at_begin = TRY(lib::make<Vma>());
    const Vma* last = vmas_.find(end - 1);
    if (last != nullptr && last->begin < end && end < last->end)
        edges.at_end = TRY(lib::make<Vma>());
    if (vmas_.count() + (edges.at_begin ? 1 : 0) + (edges.at_end ? 1 : 0) > kMostMappings) {
        return Errno{ENOMEM};
    }
    return edges;
}

void AddressSpace::cut(Edges edges, uint64_t begin, uint64_t end) {
    if (edges.at_begin) vmas_.split(*vmas_.find(begin), begin, *edges.at_begin.release());
    if (edges.at_end) vmas_.split(*vmas_.find(end - 1), end, *edges.at_end.release());
}

void AddressSpace::clear(Edges edges, uint64_t begin, uint64_t end, RemovedVmas& removed) {
    cut(std::move(edges), begin, end);
    Unmapped gone(cpus_, &resident_);
    for (Vma* vma = vmas_.find(begin); vma != nullptr && vma->begin < end;
         vma = vmas_.find(begin)) {
        // Where nothing is mapped, nothing is looked at: a range may be all of user space.
        table_.unmap(vma->begin, vma->end, gone);
        vmas_.remove(*vma);
        removed.add(*vma);
    }
}

// Linux: do_munmap(). The sizes come from programs: whoever asks, the range may be none, EINVAL.
Result<void> AddressSpace::clear_range(uint64_t begin, uint64_t end, RemovedVmas& removed) {
    if (end < begin || end > arch::kUserEnd) return Errno{EINVAL};
    clear(TRY(prepare_edges(begin, end)), begin, end, removed);
    return {};
}

// Neighbours that mean the same become one, from the mapping before `begin` to the one behind `end`.
void AddressSpace::merge_around(uint64_t begin, uint64_t end, RemovedVmas& removed) {
    Vma* vma = vmas_.find(begin == 0 ? 0 : begin - 1);
    while (vma != nullptr && vma->begin <= end) {
        if (Vma* emptied = vmas_.merge(*vma)) {
            removed.add(*emptied);
        } else {
            vma = VmaTree::next(*vma);
        }
    }
}

uint64_t AddressSpace::bytes_in(uint64_t begin, uint64_t end) {
    uint64_t bytes = 0;
    for (const Vma* vma = vmas_.find(begin); vma != nullptr && vma->begin < end;
         vma = VmaTree::next(*vma)) {
        const uint64_t from = vma->begin > begin ? vma->begin : begin;
        const uint64_t to = vma->end < end ? vma->end : end;
        bytes += to - from;
    }
    return bytes;
}

// `more` bytes come, `less` go: do they fit into RLIMIT_AS, and their mappings among the others?
Result<void> AddressSpace::check_size(uint64_t more, uint64_t less, const core::Limits& limits) {
    const uint64_t now = vmas_.bytes() - less;
    const uint64_t limit = limits.soft(RLIMIT_AS);
    if (now > limit || more > limit - now) return Errno{ENOMEM};
    return {};
}

// RLIMIT_DATA binds what is private and writable, stacks left out. Few programs set it: the mappings are
// counted when one did.
Result<void> AddressSpace::check_data(uint32_t flags, int protection, uint64_t more,
                                      const core::Limits& limits) {
    const uint64_t limit = limits.soft(RLIMIT_DATA);
    if (limit == RLIM64_INFINITY || !is_data(flags, protection)) return {};
    uint64_t data = more;
    for (const Vma* vma = vmas_.first(); vma != nullptr; vma = VmaTree::next(*vma)) {
        if (is_data(vma->flags, vma->protection)) data += vma->size();
    }
    if (data > limit) return Errno{ENOMEM};
    return {};
}

// Linux's heuristic overcommit (vm.overcommit_memory 0): memory is given when it is touched, and only
// what could never be given is refused: one mapping that is larger than all of it.
Result<void> AddressSpace::check_commit(const Vma& vma, int protection, uint64_t bytes) {
    const bool is_shared = (vma.flags & Vma::kShared) != 0;
    const bool is_writable = (protection & PROT_WRITE) != 0;
    const bool counts = is_shared ? vma.source && vma.source->is_memory() : is_writable;
    if (!counts || (vma.flags & Vma::kNoReserve) != 0) return {};
    if (bytes / arch::kPageSize > count_frames().total) return Errno{ENOMEM};
    return {};
}

// ---- mmap, munmap -----------------------------------------------------------------------------------

// Linux: get_unmapped_area(). The checks of a fixed place, or the wish if it is free, or the highest gap.
Result<uint64_t> AddressSpace::choose_place(const MapRequest& request, uint64_t size) {
    if (size > arch::kUserEnd) return Errno{ENOMEM};
    if ((request.flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0) {
        if (request.address > arch::kUserEnd - size) return Errno{ENOMEM};
        if (!lib::is_aligned(request.address, arch::kPageSize)) return Errno{EINVAL};
        if (request.address < kLowestMapping && !request.may_be_low) return Errno{EPERM};
        const uint64_t end = request.address + size;
        const bool replaces = (request.flags & MAP_FIXED_NOREPLACE) == 0;
        if (!replaces && vmas_.overlaps(request.address, end)) return Errno{EEXIST};
        return request.address;
    }
    uint64_t wish = lib::align_down(request.address, arch::kPageSize);
    if (wish != 0 && wish < kLowestMapping) wish = kLowestMapping;
    if (wish != 0 && wish <= arch::kUserEnd - size) {
        // Free, with the gap below a stack that follows.
        const auto place = vmas_.find_gap(size, wish, wish + size);
        if (place) return *place;
    }
    const auto below = vmas_.find_gap(size, kLowestMapping, top_);
    return below ? below : vmas_.find_gap(size, kLowestMapping, arch::kUserEnd);
}

Result<uint64_t> AddressSpace::map(const MapRequest& request, const core::Limits& limits) {
    const auto rounded = lib::align_up(request.size, arch::kPageSize);
    if (request.size == 0) return Errno{EINVAL};
    if (!rounded) return Errno{ENOMEM};
    const uint64_t size = *rounded;
    if (request.offset + size < request.offset) return Errno{EOVERFLOW};
    RemovedVmas removed;
    sync::SpinGuard guard(lock_);
    if (vmas_.count() > kMostMappings) return Errno{ENOMEM};
    const uint64_t begin = TRY(choose_place(request, size));
    if (request.refusal != Errno{}) return request.refusal;
    const uint64_t end = begin + size;
    TRY(check_size(size, bytes_in(begin, end), limits));
    auto fresh = TRY(lib::make<Vma>());
    fresh->begin = begin;
    fresh->end = end;
    fresh->protection = request.protection & kProtections;
    fresh->flags = flags_of(request);
    fresh->source = request.source;
    fresh->offset = request.offset;
    TRY(check_data(fresh->flags, fresh->protection, size, limits));
    TRY(check_commit(*fresh, fresh->protection, size));
    auto edges = TRY(prepare_edges(begin, end));
    // Nothing below can fail.
    clear(std::move(edges), begin, end, removed);
    vmas_.insert(*fresh.release());
    merge_around(begin, end, removed);
    return begin;
}

Result<void> AddressSpace::unmap(uint64_t begin, uint64_t size) {
    const auto rounded = lib::align_up(size, arch::kPageSize);
    if (!lib::is_aligned(begin, arch::kPageSize) || !rounded || *rounded == 0) return Errno{EINVAL};
    RemovedVmas removed;
    sync::SpinGuard guard(lock_);
    return clear_range(begin, begin + *rounded, removed);
}

// ---- mprotect ---------------------------------------------------------------------------------------

Result<void> AddressSpace::protect_one(Vma& vma, uint64_t begin, uint64_t end, int protection,
                                       const core::Limits& limits) {
    if ((vma.flags & Vma::kNeverWritable) != 0 && (protection & PROT_WRITE) != 0)
        return Errno{EACCES};
    if (vma.protection == protection) return {};
    if ((protection & ~vma.protection & PROT_WRITE) != 0) {
        TRY(check_data(vma.flags, protection, end - begin, limits));
        TRY(check_commit(vma, protection, end - begin));
    }
    cut(TRY(prepare_edges(begin, end)), begin, end);
    Vma& changed = *vmas_.find(begin);
    changed.protection = protection;
    if (table_.restrict_access(begin, end, access_of_pages(changed))) {
        flush_tlb_of(cpus_, begin, end);
    }
    return {};
}

// As Linux: what lies before the first hole or refusal is changed, whatever follows.
Result<void> AddressSpace::protect(uint64_t begin, uint64_t size, uint64_t protection,
                                   const core::Limits& limits) {
    const bool from_begin = (protection & PROT_GROWSDOWN) != 0;
    if (from_begin && (protection & PROT_GROWSUP) != 0) return Errno{EINVAL};
    if (!lib::is_aligned(begin, arch::kPageSize)) return Errno{EINVAL};
    if (size == 0) return {};
    const auto rounded = lib::align_up(size, arch::kPageSize);
    if (!rounded || begin + *rounded <= begin) return Errno{ENOMEM};
    constexpr uint64_t kKnown = kProtections | PROT_SEM | PROT_GROWSDOWN | PROT_GROWSUP;
    if ((protection & ~kKnown) != 0) return Errno{EINVAL};
    const uint64_t end = begin + *rounded;
    RemovedVmas removed;
    sync::SpinGuard guard(lock_);
    Vma* vma = vmas_.find(begin);
    if (vma == nullptr || vma->begin >= end) return Errno{ENOMEM};
    if (from_begin && (vma->flags & Vma::kGrowsDown) == 0) return Errno{EINVAL};
    if ((protection & PROT_GROWSUP) != 0) return Errno{EINVAL};  // no such mapping on these CPUs
    uint64_t next = from_begin && vma->begin < begin ? vma->begin : begin;
    const uint64_t first = next;
    Result<void> result;
    while (result && next < end) {
        vma = vmas_.find(next);
        if (vma == nullptr || vma->begin > next) {
            result = Errno{ENOMEM};
            break;
        }
        const uint64_t stop = vma->end < end ? vma->end : end;
        result = protect_one(*vma, next, stop, static_cast<int>(protection & kProtections), limits);
        if (result) next = stop;
    }
    merge_around(first, next, removed);
    return result;
}

// ---- brk --------------------------------------------------------------------------------------------

void AddressSpace::start_break(uint64_t begin) {
    sync::SpinGuard guard(lock_);
    break_begin_ = break_end_ = begin;
}

uint64_t AddressSpace::set_break(uint64_t end, const core::Limits& limits) {
    RemovedVmas removed;
    sync::SpinGuard guard(lock_);
    // The heap begins where the loader said, and brk(2) reports failure by the old end.
    const uint64_t limit = limits.soft(RLIMIT_DATA);
    const bool sane = end >= break_begin_ && end <= arch::kUserEnd - arch::kPageSize;
    if (sane && end - break_begin_ <= limit) grow_or_shrink_break(end, limits, removed);
    return break_end_;
}

void AddressSpace::grow_or_shrink_break(uint64_t end, const core::Limits& limits,
                                        RemovedVmas& removed) {
    const uint64_t old_page = MUST(lib::align_up(break_end_, arch::kPageSize));
    const uint64_t new_page = MUST(lib::align_up(end, arch::kPageSize));
    if (new_page < old_page) {
        if (!clear_range(new_page, old_page, removed)) return;
    } else if (new_page > old_page) {
        // A page stays free behind the heap, and a stack keeps its gap.
        if (!vmas_.find_gap(new_page - old_page + arch::kPageSize, old_page,
                            new_page + arch::kPageSize)) {
            return;
        }
        if (!check_size(new_page - old_page, 0, limits)) return;
        auto made = lib::make<Vma>();
        if (!made || vmas_.count() >= kMostMappings) return;
        UniquePtr<Vma> fresh = made.take();
        fresh->begin = old_page;
        fresh->end = new_page;
        fresh->protection = PROT_READ | PROT_WRITE;
        fresh->flags = Vma::kHeap;
        if (!check_data(fresh->flags, fresh->protection, fresh->size(), limits)) return;
        if (!check_commit(*fresh, fresh->protection, fresh->size())) return;
        vmas_.insert(*fresh.release());
        merge_around(old_page, new_page, removed);
    }
    break_end_ = end;
}

}  // namespace mm
