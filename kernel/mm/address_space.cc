// The life of an address space: made, entered and left by CPUs, copied, ended. Contract:
// mm/address_space.h.
#include "mm/address_space.h"

#include <cstring>

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "lib/checked.h"
#include "mm/frames.h"
#include "mm/heap.h"

namespace mm {

extern "C" arch::Pte kernel_root[];

Result<RefPtr<AddressSpace>> AddressSpace::make(uint64_t top) {
    PageTable table = TRY(PageTable::make());
    auto space = lib::make<AddressSpace>(table, top);
    if (!space) {
        table.destroy();
        return space.error();
    }
    return lib::adopt_ref(space.take().release());
}

AddressSpace::~AddressSpace() {
    RemovedVmas removed;
    sync::SpinGuard guard(lock_);
    ASSERT(cpus_.load() == 0);
    clear({}, 0, arch::kUserEnd, removed);
    table_.destroy();
}

void AddressSpace::enter() NO_THREAD_SAFETY_ANALYSIS {
    cpus_.fetch_or(1u << arch::this_cpu()->index);
    arch::load_page_table(table_.root());
}

void AddressSpace::leave() {
    arch::load_page_table(arch::physical_of_image(kernel_root));
    left();
}

void AddressSpace::left() { cpus_.fetch_and(~(1u << arch::this_cpu()->index)); }

Result<void> AddressSpace::fill(uint64_t address, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const uint64_t page = lib::align_down(address, arch::kPageSize);
        const size_t left = page + arch::kPageSize - address;
        const size_t piece = bytes.size() < left ? bytes.size() : left;
        sync::SpinGuard guard(lock_);
        const Vma* vma = vmas_.find(address);
        if (vma == nullptr || !vma->contains(address)) return Errno{EFAULT};
        if (supply_page(*vma, page, Access::kWrite) != FaultAnswer::kMended) return Errno{ENOMEM};
        const arch::PhysAddr frame = arch::address_of(*table_.find(page));
        memcpy(arch::direct_map<uint8_t>(frame) + address % arch::kPageSize, bytes.data(), piece);
        bytes = bytes.subspan(piece);
        address += piece;
    }
    return {};
}

uint64_t AddressSpace::mapped_bytes() {
    sync::SpinGuard guard(lock_);
    return vmas_.bytes();
}

// ---- copies for children ----------------------------------------------------------------------------

// One mapping and its pages. What is private and writable loses the right to be written to on both
// sides: the first who writes faults, and gets a copy (fault.cc).
Result<void> AddressSpace::share_mapping(const Vma& vma,
                                         AddressSpace& child) NO_THREAD_SAFETY_ANALYSIS {
    auto copy = TRY(lib::make<Vma>());
    copy->begin = vma.begin;
    copy->end = vma.end;
    copy->protection = vma.protection;
    copy->flags = vma.flags;
    copy->source = vma.source;
    copy->offset = vma.offset;
    child.vmas_.insert(*copy.release());
    if ((vma.flags & Vma::kWipeOnFork) != 0) return {};
    const bool is_private = (vma.flags & Vma::kShared) == 0;
    PageTable* const childs_table = &child.table_;
    return table_.for_each_page(vma.begin, vma.end,
                                [&](uint64_t page, arch::Pte* entry) -> Result<void> {
                                    arch::Pte* childs = TRY(childs_table->find_or_make(page));
                                    const arch::PhysAddr frame = arch::address_of(*entry);
                                    arch::PageAccess access = arch::access_of(*entry);
                                    if (is_private && access.write) {
                                        access.write = false;
                                        set_entry(entry, arch::make_leaf(frame, access));
                                    }
                                    retain_frame(frame);
                                    set_entry(childs, arch::make_leaf(frame, access));
                                    return {};
                                });
}

Result<RefPtr<AddressSpace>> AddressSpace::clone() NO_THREAD_SAFETY_ANALYSIS {
    auto child = TRY(make(top_));
    Result<void> result;
    {
        sync::SpinGuard guard(lock_);
        child->break_begin_ = break_begin_;
        child->break_end_ = break_end_;
        for (Vma* vma = vmas_.first(); vma != nullptr && result; vma = VmaTree::next(*vma)) {
            if ((vma->flags & Vma::kDontFork) == 0) result = share_mapping(*vma, *child);
        }
        flush_tlb_of(cpus_.load(), 0, arch::kUserEnd);
    }
    if (!result) return result.error();
    return child;
}

}  // namespace mm
