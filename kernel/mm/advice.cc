// madvise(2), mincore(2), and what msync(2) asks. Contract: mm/address_space.h.
#include <linux/mman.h>

#include "lib/checked.h"
#include "mm/address_space.h"

namespace mm {

namespace {

// Advice that changes nothing here: there is no swap, no read-ahead, no huge page, no core dump.
bool is_idle_advice(int advice) {
    switch (advice) {
        case MADV_NORMAL:
        case MADV_RANDOM:
        case MADV_SEQUENTIAL:
        case MADV_WILLNEED:
        case MADV_HUGEPAGE:
        case MADV_NOHUGEPAGE:
        case MADV_DONTDUMP:
        case MADV_DODUMP:
        case MADV_COLD:
        case MADV_PAGEOUT: return true;
        default: return false;
    }
}

// Advice that takes a while for each page: it is followed in pieces, between which others may run.
bool empties(int advice) { return advice == MADV_DONTNEED || advice == MADV_FREE; }
constexpr uint64_t kPiece = 256 * arch::kPageSize;

bool is_known_advice(int advice) {
    switch (advice) {
        case MADV_DONTNEED:
        case MADV_FREE:
        case MADV_REMOVE:
        case MADV_DONTFORK:
        case MADV_DOFORK:
        case MADV_WIPEONFORK:
        case MADV_KEEPONFORK:
        case MADV_POPULATE_READ:
        case MADV_POPULATE_WRITE: return true;
        default: return is_idle_advice(advice);
    }
}

}  // namespace

Result<void> AddressSpace::advise_one(Vma& vma, uint64_t begin, uint64_t end, int advice) {
    const bool is_private = (vma.flags & Vma::kShared) == 0;
    const bool is_anonymous = is_private && !vma.source;
    uint32_t flags = vma.flags;
    switch (advice) {
        case MADV_FREE:
            if (!is_anonymous) return Errno{EINVAL};
            [[fallthrough]];
        case MADV_DONTNEED: {
            Unmapped gone(cpus_, &resident_);
            table_.unmap(begin, end, gone);
            return {};
        }
        case MADV_WIPEONFORK:
            if (!is_anonymous) return Errno{EINVAL};
            flags |= Vma::kWipeOnFork;
            break;
        case MADV_KEEPONFORK: flags &= ~Vma::kWipeOnFork; break;
        case MADV_DONTFORK: flags |= Vma::kDontFork; break;
        case MADV_DOFORK: flags &= ~Vma::kDontFork; break;
        default: return {};
    }
    if (flags == vma.flags) return {};
    cut(TRY(prepare_edges(begin, end)), begin, end);
    vmas_.find(begin)->flags = flags;
    return {};
}

// As Linux: a hole is ENOMEM in the end, and what is mapped behind it is advised all the same.
Result<void> AddressSpace::advise(uint64_t begin, uint64_t size, int advice,
                                  const core::Limits& limits) {
    if (!is_known_advice(advice)) return Errno{EINVAL};
    if (!lib::is_aligned(begin, arch::kPageSize)) return Errno{EINVAL};
    const auto rounded = lib::align_up(size, arch::kPageSize);
    if (!rounded) return Errno{EINVAL};
    const uint64_t end = begin + *rounded;
    if (end < begin) return Errno{EINVAL};
    if (end == begin) return {};
    if (advice == MADV_POPULATE_READ || advice == MADV_POPULATE_WRITE) {
        const Access access = advice == MADV_POPULATE_READ ? Access::kRead : Access::kWrite;
        return touch_all(begin, end, access, limits);
    }
    if (advice == MADV_REMOVE) return remove_pages(begin, end);
    RemovedVmas removed;
    sync::SpinGuard guard(lock_);
    bool hole = false;
    uint64_t next = begin;
    while (next < end) {
        Vma* vma = vmas_.find(next);
        if (vma == nullptr || vma->begin >= end) {
            hole = true;
            break;
        }
        if (vma->begin > next) {
            hole = true;
            next = vma->begin;
        }
        uint64_t stop = vma->end < end ? vma->end : end;
        if (empties(advice) && stop - next > kPiece) stop = next + kPiece;
        TRY(advise_one(*vma, next, stop, advice));
        next = stop;
        if (!empties(advice)) continue;
        guard.unlock();
        guard.lock();
    }
    merge_around(begin, end, removed);
    if (hole) return Errno{ENOMEM};
    return {};
}

// The part of a range that one mapping shows, while the rest is still to be looked at.
struct AddressSpace::Removal {
    uint64_t next, end;
    RefPtr<PageSource> source{};
    uint64_t first_page = 0, end_page = 0;
    bool has_hole = false;
};

// Effect: finds the next part, if there is one. EINVAL: nothing that several could show; EACCES: a private
// view, or one that could never write.
Result<bool> AddressSpace::next_removal(Removal& removal) {
    sync::SpinGuard guard(lock_);
    const Vma* vma = vmas_.find(removal.next);
    if (removal.next >= removal.end) return false;
    const bool is_last = vma == nullptr || vma->begin >= removal.end;
    if (is_last || vma->begin > removal.next) removal.has_hole = true;
    if (is_last) return false;
    if (!vma->source) return Errno{EINVAL};
    const bool is_shared = (vma->flags & Vma::kShared) != 0;
    if (!is_shared || (vma->flags & Vma::kNeverWritable) != 0) return Errno{EACCES};
    const uint64_t begin = vma->begin > removal.next ? vma->begin : removal.next;
    removal.next = vma->end < removal.end ? vma->end : removal.end;
    removal.source = vma->source;
    removal.first_page = (vma->offset + (begin - vma->begin)) / arch::kPageSize;
    removal.end_page = removal.first_page + (removal.next - begin) / arch::kPageSize;
    return true;
}

// The object takes the pages from all that map it, this address space among them: no lock is held then.
Result<void> AddressSpace::remove_pages(uint64_t begin, uint64_t end) {
    Removal removal{begin, end};
    while (TRY(next_removal(removal))) {
        TRY(removal.source->discard(removal.first_page, removal.end_page));
    }
    if (removal.has_hole) return Errno{ENOMEM};
    return {};
}

Result<void> AddressSpace::touch_all(uint64_t begin, uint64_t end, Access access,
                                     const core::Limits& limits) {
    for (uint64_t page = begin; page < end; page += arch::kPageSize) {
        switch (fault(page, access, limits)) {
            case FaultAnswer::kMended: break;
            case FaultAnswer::kForbidden: return Errno{EINVAL};
            case FaultAnswer::kPastEnd: return Errno{EFAULT};
            case FaultAnswer::kNotMapped:
            case FaultAnswer::kNoMemory: return Errno{ENOMEM};
        }
    }
    return {};
}

// What MAP_POPULATE asks for: whatever it cannot get, the program's own touch will.
void AddressSpace::populate(uint64_t begin, uint64_t size, const core::Limits& limits) {
    const uint64_t end = begin + MUST(lib::align_up(size, arch::kPageSize));
    Access access = Access::kRead;
    {
        sync::SpinGuard guard(lock_);
        const Vma* vma = vmas_.find(begin);
        const bool writes = vma != nullptr && (vma->protection & PROT_WRITE) != 0;
        if (writes && (vma->flags & Vma::kShared) == 0) access = Access::kWrite;
    }
    static_cast<void>(touch_all(begin, end, access, limits));
}

Result<void> AddressSpace::check_mapped(uint64_t begin, uint64_t end) {
    sync::SpinGuard guard(lock_);
    while (begin < end) {
        const Vma* vma = vmas_.find(begin);
        if (vma == nullptr || !vma->contains(begin)) return Errno{ENOMEM};
        begin = vma->end;
    }
    return {};
}

Result<void> AddressSpace::incore(uint64_t begin, std::span<uint8_t> pages) {
    sync::SpinGuard guard(lock_);
    for (uint8_t& answer : pages) {
        const Vma* vma = vmas_.find(begin);
        if (vma == nullptr || !vma->contains(begin)) return Errno{ENOMEM};
        const arch::Pte* entry = table_.find(begin);
        bool resident = entry != nullptr && *entry != arch::kNoEntry;
        if (!resident && vma->source) {
            const uint64_t offset = vma->offset + (begin - vma->begin);
            resident = vma->source->is_resident(offset / arch::kPageSize);
        }
        answer = resident ? 1 : 0;
        begin += arch::kPageSize;
    }
    return {};
}

}  // namespace mm
