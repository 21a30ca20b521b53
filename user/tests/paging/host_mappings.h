// Mappings for the rows host_find, host_split, host_merge and host_mappings: made, put into a tree, and
// looked at page by page.
#pragma once

#include "cairn/check.h"
#include "mm/page_source.h"
#include "mm/vma_tree.h"

namespace host {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kPages = 1 << 14;  // of the address space in which all lie

// An object that can be mapped, and never is asked for a page here.
class Pages final : public mm::PageSource {
public:
    Result<arch::PhysAddr> page(uint64_t) override { return Errno{ENXIO}; }
    bool is_resident(uint64_t) override { return false; }
};

inline RefPtr<mm::PageSource> make_source() { return lib::adopt_ref<mm::PageSource>(new Pages); }

inline void place(mm::VmaTree& tree, mm::Vma& vma, uint64_t first, uint64_t count) {
    vma.begin = first * kPage;
    vma.end = (first + count) * kPage;
    tree.insert(vma);
}

// The mapping that holds a page, found the slow way; or null.
inline mm::Vma* look_for(mm::VmaTree& tree, uint64_t page) {
    for (mm::Vma* vma = tree.first(); vma != nullptr; vma = mm::VmaTree::next(*vma)) {
        if (vma->begin / kPage <= page && page < vma->end / kPage) return vma;
    }
    return nullptr;
}

// Which byte of its source an address shows.
inline uint64_t byte_of_source(const mm::Vma& vma, uint64_t address) {
    return vma.offset + (address - vma.begin);
}

inline void empty(mm::VmaTree& tree) {
    while (mm::Vma* vma = tree.first()) tree.remove(*vma);
}

}  // namespace host
