// The life of an address space: made, entered and left by CPUs, ended. Contract:
// mm/address_space.h.
#include "mm/address_space.h"

#include <cstring>

#include "arch/cpu.h"
#include "arch/elf_machine.h"
#include "arch/per_cpu.h"
#include "lib/checked.h"
#include "mm/frames.h"
#include "mm/heap.h"

namespace mm {

extern "C" arch::Pte kernel_root[];

Result<RefPtr<AddressSpace>> AddressSpace::make(uint64_t top) {
    auto space = TRY(make_alone(top));
    space->join_others();
    return space;
}

Result<RefPtr<AddressSpace>> AddressSpace::make_alone(uint64_t top) {
    PageTable table = TRY(PageTable::make());
    auto space = lib::make<AddressSpace>(table, top);
    if (!space) {
        table.destroy();
        return space.error();
    }
    return lib::adopt_ref(space.take().release());
}

AddressSpace::AddressSpace(PageTable table, uint64_t top) : table_(table), top_(top) {}

// Nobody else knows it any more: without its lock others may run while a large one is taken apart.
AddressSpace::~AddressSpace() NO_THREAD_SAFETY_ANALYSIS {
    leave_others();
    RemovedVmas removed;
    ASSERT(cpus_.load() == 0);
    clear({}, 0, arch::kUserEnd, removed);
    table_.destroy();
}

void AddressSpace::enter() NO_THREAD_SAFETY_ANALYSIS {
    const CpuSet me = 1u << arch::this_cpu()->index;
    cpus_.fetch_or(me);
    if constexpr (!arch::kFetchesAnew) {
        if ((stale_code_.load() & me) != 0) [[unlikely]] {
            stale_code_.fetch_and(~me);
            arch::flush_instruction_cache();
        }
    }
    arch::load_page_table(table_.root());
}

void AddressSpace::leave() {
    arch::load_page_table(arch::physical_of_image(kernel_root));
    left();
}

// Those that are here now are told; who enters in between is in one of the two sets.
void AddressSpace::renew_code() {
    if constexpr (arch::kFetchesAnew) return;
    const sync::PreemptGuard guard;
    const CpuSet me = 1u << arch::this_cpu()->index;
    stale_code_.store(~me);
    flush_code_of(cpus_.load() | me);
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

AddressSpace::Sizes AddressSpace::sizes() {
    sync::SpinGuard guard(lock_);
    return {vmas_.bytes(), vmas_.most_bytes(), resident_.most()};
}

AddressSpace::Residency AddressSpace::count_resident() {
    Residency count;
    sync::SpinGuard guard(lock_);
    for (Vma* vma = vmas_.first(); vma != nullptr; vma = VmaTree::next(*vma)) {
        const auto add = [&](uint64_t, arch::Pte* entry) -> Result<void> {
            if (!is_resident(arch::address_of(*entry))) return {};
            count.all++;
            if (vma->source) count.of_sources++;
            return {};
        };
        MUST(table_.for_each_page(vma->begin, vma->end, add));
    }
    return count;
}

}  // namespace mm
