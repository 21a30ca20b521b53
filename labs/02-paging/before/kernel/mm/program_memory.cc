// Stand-in for lab paging: every program gets the same window, and memory that is being filled is that
// window already: only one program is ever loaded. Contract: mm/program_memory.h.
#include "mm/program_memory.h"

#include <cstring>

#include "arch/elf_machine.h"
#include "lib/random.h"
#include "mm/window.h"

namespace mm {

namespace {

// Programs that may lie anywhere lie from here, and no segment reaches into the window's last MiB.
constexpr uint64_t kFreeBase = 0x100000;
constexpr uint64_t kStackReserve = 1 << 20;
constexpr uint64_t kSegmentsEnd = kWindowEnd - kStackReserve;

}  // namespace

bool init_memory(PhysRange ram, std::span<const PhysRange> reserved) {
    init_frames(ram, reserved);
    return map_user_window().has_value();
}

ProgramMemory::ProgramMemory(const core::Limits& its_limits, ProgramLayout its_layout)
    : layout(its_layout), limits(&its_limits) {}
ProgramMemory::ProgramMemory(ProgramMemory&&) = default;
ProgramMemory& ProgramMemory::operator=(ProgramMemory&&) = default;
ProgramMemory::~ProgramMemory() = default;

Result<ProgramMemory> make_program_memory(const core::Limits& limits, uint64_t seed) {
    // By a drawn number of pages, so that nobody relies on an address.
    const uint64_t drawn = lib::Random{seed + 1}.below(256) * arch::kPageSize;
    return ProgramMemory(limits, {kFreeBase + drawn, kWindowEnd});
}

Result<void> ProgramMemory::add_segment(uint64_t begin, uint64_t size, SegmentAccess,
                                        lib::Bytes contents) {
    if (begin > kSegmentsEnd || size > kSegmentsEnd - begin) return Errno{ENOMEM};
    const auto memory = TRY(window_bytes(begin, size));
    if (!contents.empty()) memcpy(memory.data(), contents.data(), contents.size());
    memset(memory.data() + contents.size(), 0, memory.size() - contents.size());
    return {};
}

Result<void> ProgramMemory::add_stack(uint64_t bytes) {
    ASSERT(bytes <= kStackReserve);
    return {};
}

Result<void> ProgramMemory::write(uint64_t address, lib::Bytes bytes) {
    const auto memory = TRY(window_bytes(address, bytes.size()));
    memcpy(memory.data(), bytes.data(), bytes.size());
    return {};
}

void exchange_memory(core::Thread&, ProgramMemory&) { arch::flush_instruction_cache(); }

}  // namespace mm
