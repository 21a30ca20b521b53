// The memory of a new process: its parent's, shared or copied. A copy costs page tables, not pages: they are
// copied when somebody writes (fault.cc). Contract: mm/address_space.h, mm/door.h.
#include "core/thread.h"
#include "lib/make.h"
#include "lib/todo.h"
#include "mm/address_space.h"
#include "mm/door.h"
#include "mm/frames.h"

namespace mm {

namespace {

Result<UniquePtr<Vma>> copy_of(const Vma& vma) {
    auto copy = TRY(lib::make<Vma>());
    copy->begin = vma.begin;
    copy->end = vma.end;
    copy->protection = vma.protection;
    copy->flags = vma.flags;
    copy->source = vma.source;
    copy->offset = vma.offset;
    return copy;
}

}  // namespace

// One page that both sides are going to show: `entry` is the parent's, `childs` the child's, still empty.
// Both lead to the same frame, and each owns a reference to it (retain_frame). If the mapping is private,
// neither side may write to it any more: the first who does faults, and gets a copy. If it is shared, the
// child may do what the parent may.
//
// ROOM processes.4 begin: share a page
static void share_page(const Vma& vma, arch::Pte* entry, arch::Pte* childs) {
    const arch::PhysAddr frame = arch::address_of(*entry);
    arch::PageAccess access = arch::access_of(*entry);
    const bool is_private = (vma.flags & Vma::kShared) == 0;
    if (is_private && access.write) {
        access.write = false;
        set_entry(entry, arch::make_leaf(frame, access));
    }
    retain_frame(frame);
    set_entry(childs, arch::make_leaf(frame, access));
}
// ROOM processes.4 end

// Effect: the child shows what this mapping shows from `next` on, some pages of it; the address behind them.
Result<uint64_t> AddressSpace::share_pages(const Vma& vma, uint64_t next,
                                           AddressSpace& child) NO_THREAD_SAFETY_ANALYSIS {
    constexpr unsigned kMostAtOnce = 256;
    constexpr Errno kEnough{EAGAIN};
    PageTable* const childs_table = &child.table_;
    lib::Peak* const childs_pages = &child.resident_;
    arch::Pte* childs = nullptr;  // the entry of the page before `behind`
    uint64_t behind = 0;
    unsigned count = 0;
    const auto share = [&](uint64_t page, arch::Pte* entry) -> Result<void> {
        if (count++ == kMostAtOnce) return kEnough;
        const bool is_next = page == behind && !is_first_of_table(page);
        childs = is_next ? childs + 1 : TRY(childs_table->find_or_make(page));
        behind = page + arch::kPageSize;
        share_page(vma, entry, childs);
        if (is_resident(arch::address_of(*entry))) childs_pages->add(1);
        return {};
    };
    const auto done = table_.for_each_page(next, vma.end, share);
    if (done) return vma.end;
    if (done.error() != kEnough) return done.error();
    return behind;
}

// Between some pages and the next others may run, if nobody else can change the mappings meanwhile.
Result<void> AddressSpace::share_mapping(const Vma& vma,
                                         AddressSpace& child) NO_THREAD_SAFETY_ANALYSIS {
    child.vmas_.insert(*TRY(copy_of(vma)).release());
    if ((vma.flags & Vma::kWipeOnFork) != 0) return {};
    for (uint64_t next = vma.begin; next < vma.end;) {
        next = TRY(share_pages(vma, next, child));
        if (!has_one_owner()) continue;
        lock_.release();
        lock_.acquire();
    }
    return {};
}

Result<RefPtr<AddressSpace>> AddressSpace::clone() NO_THREAD_SAFETY_ANALYSIS {
    auto child = TRY(make_alone(top_));
    child->set_dumpable(is_dumpable());
    Result<void> result;
    {
        sync::SpinGuard guard(lock_);
        unborn_ = child.get();
        child->break_begin_ = break_begin_;
        child->break_end_ = break_end_;
        for (Vma* vma = vmas_.first(); vma != nullptr && result; vma = VmaTree::next(*vma)) {
            if ((vma->flags & Vma::kDontFork) == 0) result = share_mapping(*vma, *child);
        }
        flush_tlb_of(cpus_, 0, arch::kUserEnd);
        unborn_ = nullptr;
        child->join_others();
    }
    if (!result) return result.error();
    return child;
}

Result<void> clone_memory(const core::Thread& parent, core::Thread& child, Sharing sharing) {
    AddressSpace& space = *parent.memory.space;
    RefPtr<AddressSpace> childs =
        sharing == Sharing::kShared ? RefPtr<AddressSpace>(space) : TRY(space.clone());
    child.memory.space = childs.release();
    return {};
}

}  // namespace mm
