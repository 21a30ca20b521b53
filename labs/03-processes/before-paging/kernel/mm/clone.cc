// Stand-in for lab processes: a copy of an address space, in two walks; only the self-tests make one, of
// spaces that no CPU shows. Contract: mm/address_space.h.
#include "lib/make.h"
#include "mm/address_space.h"
#include "mm/frames.h"

namespace mm {

namespace {

arch::Pte read_only(arch::Pte entry) {
    const auto [read, write, execute, user] = arch::access_of(entry);
    static_cast<void>(write);
    return arch::make_leaf(arch::address_of(entry), {read, false, execute, user});
}

}  // namespace

Result<void> AddressSpace::share_mapping(const Vma& vma,
                                         AddressSpace& child) NO_THREAD_SAFETY_ANALYSIS {
    auto twin = TRY(lib::make<Vma>());
    twin->begin = vma.begin, twin->end = vma.end;
    twin->protection = vma.protection, twin->flags = vma.flags;
    twin->source = vma.source, twin->offset = vma.offset;
    child.vmas_.insert(*twin.release());
    if ((vma.flags & Vma::kShared) == 0) {
        TRY(table_.for_each_page(vma.begin, vma.end, [](uint64_t, arch::Pte* own) -> Result<void> {
            set_entry(own, read_only(*own));
            return {};
        }));
    }
    PageTable& theirs = child.table_;
    return table_.for_each_page(vma.begin, vma.end,
                                [&](uint64_t page, arch::Pte* own) -> Result<void> {
                                    set_entry(TRY(theirs.find_or_make(page)), *own);
                                    retain_frame(arch::address_of(*own));
                                    return {};
                                });
}

Result<RefPtr<AddressSpace>> AddressSpace::clone() NO_THREAD_SAFETY_ANALYSIS {
    auto twin = TRY(make(top_));
    sync::SpinGuard guard(lock_);
    for (Vma* vma = vmas_.first(); vma != nullptr; vma = VmaTree::next(*vma)) {
        TRY(share_mapping(*vma, *twin));
    }
    return twin;
}

}  // namespace mm
