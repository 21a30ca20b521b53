// Contract: proc/memory.h.
#include "proc/memory.h"

#include <asm/mman.h>

#include "lib/text.h"
#include "mm/address_space.h"
#include "mm/frames.h"
#include "mm/heap.h"

namespace proc {

namespace {

using lib::Sink;
using lib::Text;

constexpr uint64_t in_kib(uint64_t frames) { return frames * (arch::kPageSize / 1024); }

Text name_of(const mm::Vma& vma) {
    if ((vma.flags & mm::Vma::kHeap) != 0) return "[heap]";
    if ((vma.flags & mm::Vma::kGrowsDown) != 0) return "[stack]";
    return vma.source ? vma.source->name() : "";
}

// One line of maps. The names stand in a column of their own, as in Linux.
void write_mapping(Sink& sink, const mm::Vma& vma) {
    constexpr size_t kNameColumn = 73;
    char line[kNameColumn];
    lib::BufferSink head(line);
    const char access[] = {(vma.protection & PROT_READ) != 0 ? 'r' : '-',
                           (vma.protection & PROT_WRITE) != 0 ? 'w' : '-',
                           (vma.protection & PROT_EXEC) != 0 ? 'x' : '-',
                           (vma.flags & mm::Vma::kShared) != 0 ? 's' : 'p'};
    lib::format_to(head, "{:08x}-{:08x} {} {:08x} 00:00 0 ", vma.begin, vma.end,
                   Text(access, sizeof(access)), vma.source ? vma.offset : 0);
    const Text name = name_of(vma);
    if (name.empty()) {
        lib::format_to(sink, "{}\n", head.text());
    } else {
        lib::format_to(sink, "{:<73}{}\n", head.text(), name);
    }
}

}  // namespace

// Files are memory here, and nothing is ever written elsewhere: there are no buffers and no swap.
void write_meminfo(Sink& sink) {
    const mm::FrameCounts frames = mm::count_frames();
    const struct {
        const char* name;
        uint64_t frames;
    } lines[] = {
        {"MemTotal:", frames.total},
        {"MemFree:", frames.free},
        {"MemAvailable:", frames.free},
        {"Buffers:", 0},
        {"Cached:", 0},
        {"SwapCached:", 0},
        {"SwapTotal:", 0},
        {"SwapFree:", 0},
        {"Dirty:", 0},
        {"Writeback:", 0},
        {"Shmem:", 0},
        {"Slab:", mm::count_heap().pages},
        {"SReclaimable:", 0},
        {"SUnreclaim:", mm::count_heap().pages},
    };
    for (const auto& line : lines) {
        lib::format_to(sink, "{:<16}{:>8} kB\n", line.name, in_kib(line.frames));
    }
}

void write_maps(Sink& sink, mm::AddressSpace& memory) {
    memory.for_each_mapping([&](const mm::Vma& vma) { write_mapping(sink, vma); });
}

}  // namespace proc
