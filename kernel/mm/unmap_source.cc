// From an object to the mappings that show it, when it loses pages. Contract: mm/page_source.h.
//
// The way back is not noted anywhere: every address space is asked, in the order in which they were made.
// That costs nothing where it matters (mmap, fork, a fault), and files that are mapped rarely shrink. A child
// that is made meanwhile loses its pages with its parent, whose lock guards both (unborn_); once it stands
// in the list, it is behind its parent: either the parent had lost its pages before, or the child is asked.
#include "mm/address_space.h"
#include "mm/frames.h"

namespace mm {

namespace {

constinit sync::SpinLock spaces_lock{sync::LockRank::kSpaces};
constinit List<AddressSpace, &AddressSpace::in_all> spaces GUARDED_BY(spaces_lock);

uint64_t smaller(uint64_t a, uint64_t b) { return a < b ? a : b; }
uint64_t larger(uint64_t a, uint64_t b) { return a > b ? a : b; }

}  // namespace

void AddressSpace::join_others() {
    sync::SpinGuard guard(spaces_lock);
    spaces.push_back(*this);
}

void AddressSpace::leave_others() {
    sync::SpinGuard guard(spaces_lock);
    if (in_all.is_linked()) spaces.remove(*this);
}

RefPtr<AddressSpace> AddressSpace::next_living(AddressSpace* previous) {
    sync::SpinGuard guard(spaces_lock);
    AddressSpace* space = previous == nullptr ? spaces.front() : spaces.next(*previous);
    for (; space != nullptr; space = spaces.next(*space)) {
        if (RefPtr<AddressSpace> owner = lib::share_living(*space)) return owner;
    }
    return {};
}

// The analysis does not know that this lock guards the unborn copy too.
void AddressSpace::unmap_source(PageSource& source, uint64_t first, uint64_t end,
                                PageSource::Copies copies) NO_THREAD_SAFETY_ANALYSIS {
    sync::SpinGuard guard(lock_);
    forget_source(source, first, end, copies);
    if (unborn_ != nullptr) unborn_->forget_source(source, first, end, copies);
}

void AddressSpace::forget_source(PageSource& source, uint64_t first, uint64_t end,
                                 PageSource::Copies copies) {
    for (Vma* vma = vmas_.first(); vma != nullptr; vma = VmaTree::next(*vma)) {
        if (vma->source.get() != &source) continue;
        const uint64_t vma_first = vma->offset / arch::kPageSize;
        const uint64_t from = larger(first, vma_first);
        const uint64_t to = smaller(end, vma_first + vma->size() / arch::kPageSize);
        if (from >= to) continue;
        const uint64_t begin = vma->begin + (from - vma_first) * arch::kPageSize;
        const uint64_t stop = vma->begin + (to - vma_first) * arch::kPageSize;
        const bool is_shared = (vma->flags & Vma::kShared) != 0;
        if (is_shared || copies == PageSource::Copies::kGo) {
            Unmapped gone(cpus_, &resident_);
            table_.unmap(begin, stop, gone);
        } else {
            unmap_frames_of(*vma, begin, stop);
        }
    }
}

// Of a private mapping, only what it has not copied yet.
void AddressSpace::unmap_frames_of(const Vma& vma, uint64_t begin, uint64_t end) {
    Unmapped gone(cpus_, &resident_);
    gone.cover(begin, end);
    const uint64_t vma_first = vma.offset / arch::kPageSize;
    const auto forget = [&](uint64_t page, arch::Pte* entry) -> Result<void> {
        const arch::PhysAddr shown = arch::address_of(*entry);
        if (!vma.source->shows(vma_first + (page - vma.begin) / arch::kPageSize, shown)) return {};
        set_entry(entry, arch::kNoEntry);
        gone.add(shown);
        return {};
    };
    MUST(table_.for_each_page(begin, end, forget));
}

// A mapping that comes after the look at the number asks for its pages after the object has changed.
void PageSource::unmap_everywhere(uint64_t first, uint64_t end, Copies copies) {
    if (mappings_.load() == 0) return;
    RefPtr<AddressSpace> space = AddressSpace::next_living(nullptr);
    while (space) {
        space->unmap_source(*this, first, end, copies);
        space = AddressSpace::next_living(space.get());
    }
}

}  // namespace mm
