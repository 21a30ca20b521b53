// Contract: proc/memory.h.
#include "proc/memory.h"

#include <asm/mman.h>

namespace proc {

namespace {

void note_first(uint64_t& begin, uint64_t& end, const mm::Vma& vma) {
    if (begin != 0) return;
    begin = vma.begin;
    end = vma.end;
}

void add(MemoryFigures& figures, const mm::Vma& vma) {
    const bool is_private = (vma.flags & mm::Vma::kShared) == 0;
    const bool is_data = is_private && (vma.protection & PROT_WRITE) != 0;
    figures.size += vma.size();
    if ((vma.protection & PROT_EXEC) != 0) {
        figures.code += vma.size();
        note_first(figures.code_begin, figures.code_end, vma);
    } else if ((vma.flags & mm::Vma::kGrowsDown) != 0) {
        figures.stack += vma.size();
    } else if (is_data) {
        figures.data += vma.size();
        if (vma.source) note_first(figures.data_begin, figures.data_end, vma);
    }
    if ((vma.flags & mm::Vma::kHeap) != 0) note_first(figures.break_begin, figures.data_end, vma);
}

}  // namespace

MemoryFigures measure(mm::AddressSpace& memory) {
    MemoryFigures figures;
    memory.for_each_mapping([&](const mm::Vma& vma) { add(figures, vma); });
    const mm::AddressSpace::Residency residency = memory.count_resident();
    figures.resident = residency.all * arch::kPageSize;
    figures.resident_of_files = residency.of_sources * arch::kPageSize;
    const mm::AddressSpace::Sizes sizes = memory.sizes();
    figures.most_size = sizes.most_mapped_bytes;
    figures.most_resident = sizes.most_resident_pages * arch::kPageSize;
    return figures;
}

}  // namespace proc
