// Contract: mm/page_table.h. Called by fault.cc (one page at a time) and mapping.cc (ranges).
#include "mm/page_table.h"

#include <cstring>

#include "lib/checked.h"
#include "lib/todo.h"
#include "mm/frames.h"

namespace mm {

namespace {

constexpr unsigned kRootLevel = arch::kPageTableLevels - 1;
constexpr size_t kUserEntries =
    arch::kEntriesPerTable / 2;  // of the root; the rest is the kernel's

extern "C" arch::Pte kernel_root[arch::kEntriesPerTable];

Frame& frame_of_table(const arch::Pte* entry) {
    const uint64_t table = lib::align_down(reinterpret_cast<uint64_t>(entry), arch::kPageSize);
    return frame_of(arch::PhysAddr{table - arch::kDirectMapBase});
}

// The address behind the part of begin ≤ a < end that one entry of `level` covers.
uint64_t end_of_entry(uint64_t begin, uint64_t end, unsigned level) {
    const uint64_t next =
        lib::align_down(begin, arch::bytes_of_entry(level)) + arch::bytes_of_entry(level);
    return next < end ? next : end;
}

}  // namespace

arch::Pte* entries_of(arch::PhysAddr table) { return arch::direct_map<arch::Pte>(table); }

void set_entry(arch::Pte* entry, arch::Pte value) {
    Frame& table = frame_of_table(entry);
    if (*entry == arch::kNoEntry) table.entries++;
    if (value == arch::kNoEntry && --table.entries == 0) table.next = Frame::kEmptiedTable;
    overwrite_entry(entry, value);
}

void overwrite_entry(arch::Pte* entry, arch::Pte value) {
    *reinterpret_cast<volatile arch::Pte*>(entry) = value;
}

bool is_only_entry(const arch::Pte* entry) { return frame_of_table(entry).entries == 1; }

Result<PageTable> PageTable::make() {
    const arch::PhysAddr root = TRY(allocate_zeroed_frame());
    memcpy(entries_of(root) + kUserEntries, kernel_root + kUserEntries,
           kUserEntries * sizeof(arch::Pte));
    return PageTable{root};
}

void PageTable::destroy() {
    ASSERT(frame_of(root_).entries == 0);
    release_frame(root_);
    root_ = {};
}

// Both walk from the root to level 0. Of an address, index_in_table(address, level) is the number of
// the entry at a level; address_of(entry) is the table below it.
// ROOM paging.4 begin: walk the tables
arch::Pte* PageTable::find(uint64_t address) const {
    arch::PhysAddr table = root_;
    for (unsigned level = kRootLevel; level > 0; level--) {
        const arch::Pte entry = entries_of(table)[arch::index_in_table(address, level)];
        if (entry == arch::kNoEntry) return nullptr;
        table = arch::address_of(entry);
    }
    return &entries_of(table)[arch::index_in_table(address, 0)];
}

Result<arch::Pte*> PageTable::find_or_make(uint64_t address) {
    arch::PhysAddr table = root_;
    for (unsigned level = kRootLevel; level > 0; level--) {
        arch::Pte* entry = &entries_of(table)[arch::index_in_table(address, level)];
        if (*entry == arch::kNoEntry) {
            set_entry(entry, arch::make_table(TRY(allocate_zeroed_frame())));
        }
        table = arch::address_of(*entry);
    }
    return &entries_of(table)[arch::index_in_table(address, 0)];
}
// ROOM paging.4 end

void PageTable::unmap(uint64_t begin, uint64_t end, Unmapped& gone) {
    ASSERT(lib::is_aligned(begin | end, arch::kPageSize) && end <= arch::kUserEnd);
    gone.cover(begin, end);
    unmap_in(root_, kRootLevel, begin, end, gone);
}

// One level of the tree: `table` stands at `level` and covers begin ≤ a < end. For each entry in that
// range that is not kNoEntry:
//   1. at a level above 0: unmap its part of the range in the table below; if that table holds an
//      entry still (frame_of(…).entries), the entry stays;
//   2. otherwise clear it with set_entry and hand what was behind it to gone.add().
// end_of_entry() says where the part of an entry ends.
// ROOM paging.5 begin: unmap a range
void PageTable::unmap_in(arch::PhysAddr table, unsigned level, uint64_t begin, uint64_t end,
                         Unmapped& gone) {
    while (begin < end) {
        const uint64_t next = end_of_entry(begin, end, level);
        arch::Pte* entry = &entries_of(table)[arch::index_in_table(begin, level)];
        if (*entry != arch::kNoEntry) {
            const arch::PhysAddr below = arch::address_of(*entry);
            if (level > 0) unmap_in(below, level - 1, begin, next, gone);
            if (level == 0 || frame_of(below).entries == 0) {
                set_entry(entry, arch::kNoEntry);
                gone.add(below);
            }
        }
        begin = next;
    }
}
// ROOM paging.5 end

arch::Pte* PageTable::next_page(uint64_t& begin, uint64_t end) const {
    arch::PhysAddr tables[kRootLevel + 1];  // on the way down to `begin`, one a level
    unsigned level = kRootLevel;
    tables[level] = root_;
    while (begin < end) {
        arch::Pte* entry = entries_of(tables[level]) + arch::index_in_table(begin, level);
        if (*entry != arch::kNoEntry) {
            if (level == 0) return entry;
            tables[--level] = arch::address_of(*entry);
            continue;
        }
        // Nothing here, nor behind the entries that follow and are empty as well: this table to its end.
        const uint64_t bytes = arch::bytes_of_entry(level);
        const uint64_t table_end = end_of_entry(begin, end, level + 1);
        for (begin = lib::align_down(begin, bytes); begin < table_end && *entry == arch::kNoEntry;
             begin += bytes)
            entry++;
        while (level < kRootLevel && lib::is_aligned(begin, arch::bytes_of_entry(level + 1)))
            level++;
    }
    return nullptr;
}

bool PageTable::restrict_access(uint64_t begin, uint64_t end, arch::PageAccess access) {
    bool any = false;
    MUST(for_each_page(begin, end, [&](uint64_t, arch::Pte* entry) -> Result<void> {
        arch::PageAccess allowed = access;
        allowed.write = access.write && arch::access_of(*entry).write;
        set_entry(entry, arch::make_leaf(arch::address_of(*entry), allowed));
        any = true;
        return {};
    }));
    return any;
}

}  // namespace mm
