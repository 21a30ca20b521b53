// The port contract, page tables: what an entry looks like. The trees of tables that both CPUs walk
// have one shape, so everything else about them is in kernel/mm/page_table.h.
//
// From port/page_table.h:
//   kPageTableLevels                 leaves of 4 KiB pages stand at level 0, the root at the last
//   kWritableImpliesReadable, kExecutableImpliesReadable
//                                    what this CPU's Linux lets a load do in a mapping without PROT_READ
//   make_leaf(frame, access, level)  an entry that maps a page, of 2 MiB at level 1, of 1 GiB at level 2
//   make_table(frame)                an entry that leads to the table of the level below
//   is_leaf(entry, level)            of one that is not kNoEntry
//   address_of(entry)                the frame behind either kind
//   access_of(entry)                 of a leaf
//   flush_page(address)              the CPU forgets what it knows about that page; this CPU only
//   kPageFlushTakesTables            … and what it knows about the tables on the way to it
//   flush_user_tlb()                 the same for all of user space
//   load_page_table(root)            the CPU translates by these tables from now on
#pragma once
#include <cstddef>
#include <cstdint>

#include "arch/memory.h"

namespace arch {

inline constexpr unsigned kEntriesPerTable = 512;

// One entry of a table. kNoEntry: nothing is there.
enum class Pte : uint64_t {};
inline constexpr Pte kNoEntry{0};

// What may be done with a page. A user page with none of the three keeps its frame while every access
// to it faults (PROT_NONE).
struct PageAccess {
    bool read = false;
    bool write = false;
    bool execute = false;
    bool user = false;

    constexpr bool operator==(const PageAccess&) const = default;
};

// How many bytes an entry of `level` covers.
constexpr uint64_t bytes_of_entry(unsigned level) { return kPageSize << 9 * level; }

constexpr unsigned index_in_table(uint64_t address, unsigned level) {
    return static_cast<unsigned>(address / bytes_of_entry(level) % kEntriesPerTable);
}

}  // namespace arch

#include "port/page_table.h"
