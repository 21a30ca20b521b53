// The tree of tables that the CPU translates a program's addresses by. It knows frames and what may be
// done with them; why a page is there, the mappings know (vma_tree.h).
//
//     root ── entry ──► table ── entry ──► table ── entry ──► frame       riscv64: three levels,
//     level 2           level 1            level 0                        x86-64: four
//
// Each entry that leads to a frame owns one reference to it. A table that holds no entry any more is
// given back by unmap, so that a program which gave all its memory back costs what it cost before.
#pragma once
#include <cstdint>

#include "arch/page_table.h"
#include "lib/result.h"
#include "mm/shootdown.h"

namespace mm {

// Effect: the entries of a table.
arch::Pte* entries_of(arch::PhysAddr table);

// Effect: writes an entry and keeps count of how many its table holds. Only user tables are counted.
void set_entry(arch::Pte* entry, arch::Pte value);

// Effect: writes an entry that leads to a page before and after it: how many its table holds stays the same.
// In between it may lead to none (kNoEntry) for a moment, under the same hold of the space's lock.
void overwrite_entry(arch::Pte* entry, arch::Pte value);

// Whether the table of this entry, which was just set, was empty before.
bool is_only_entry(const arch::Pte* entry);

// Whether the entry of the page at this address is the first of a table of level 0.
constexpr bool is_first_of_table(uint64_t page) { return page % arch::bytes_of_entry(1) == 0; }

class PageTable {
public:
    // Effect: tables without a user page; the kernel's half is that of all others. ENOMEM.
    static Result<PageTable> make();
    // Effect: gives the root back. Every page was unmapped before, and no CPU uses it.
    void destroy();

    arch::PhysAddr root() const { return root_; }

    // Effect: the entry of the page that holds `address`, whatever is in it; null if a table on the way
    // to it is missing. Context: the lock of its address space is held.
    arch::Pte* find(uint64_t address) const;

    // Effect: the same, with the missing tables made. ENOMEM: those that were made stay, empty, until
    // unmap passes by. Context: as find.
    Result<arch::Pte*> find_or_make(uint64_t address);

    // Effect: begin ≤ a < end is mapped no more; tables that are empty now are taken out too. Frames
    // and tables go into `gone`, which gives them back once no CPU knows them. Context: as find.
    void unmap(uint64_t begin, uint64_t end, Unmapped& gone);

    // Effect: pages in begin ≤ a < end allow no more than `access`. Nothing is granted that was not
    // granted before, but for reading and executing: a write must fault to find out whether the frame
    // may be written to (fault.cc). True if a page was there: then the caller flushes. Context: as find.
    bool restrict_access(uint64_t begin, uint64_t end, arch::PageAccess access);

    // Effect: calls visit(address, entry) for each page that is mapped in begin ≤ a < end, upwards,
    // until it returns an error, which is returned. visit may change the entry. Context: as find.
    template <typename Visit>
    Result<void> for_each_page(uint64_t begin, uint64_t end, Visit visit) const;

private:
    explicit PageTable(arch::PhysAddr root) : root_(root) {}

    static void unmap_in(arch::PhysAddr table, unsigned level, uint64_t begin, uint64_t end,
                         Unmapped& gone);
    // The first page ≥ begin and < end that is mapped; null if there is none. Skips missing tables.
    arch::Pte* next_page(uint64_t& begin, uint64_t end) const;

    arch::PhysAddr root_{};
};

template <typename Visit>
Result<void> PageTable::for_each_page(uint64_t begin, uint64_t end, Visit visit) const {
    while (arch::Pte* entry = next_page(begin, end)) {
        // The pages behind it stand beside it, to the end of its table.
        do {
            TRY(visit(begin, entry++));
            begin += arch::kPageSize;
        } while (begin < end && !is_first_of_table(begin) && *entry != arch::kNoEntry);
    }
    return {};
}

}  // namespace mm
