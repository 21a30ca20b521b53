// The memory of a program that is being loaded. Contract: mm/program_memory.h.
//
//     kUserEnd ─► ┌──────────────┐
//                 │ (drawn gap)  │
//   stack_end ──► │ stack      ▼ │  grows to RLIMIT_STACK
//                 │              │
//         top ──► │ mmap       ▼ │  the highest gap first
//                 │              │
//                 │ heap       ▲ │  brk(2)
//   free_base ──► │ program      │  (or where an ET_EXEC program was linked)
//                 └──────────────┘
#include "mm/program_memory.h"

#include <linux/mman.h>

#include <cstring>

#include "arch/cpu.h"
#include "core/thread.h"
#include "lib/checked.h"
#include "lib/random.h"
#include "mm/address_space.h"
#include "mm/frames.h"
#include "mm/kernel_map.h"
#include "mm/thread_memory.h"
#include "sync/preempt.h"

namespace mm {

namespace {

constexpr uint64_t kMostDrawnPages = 1 << 12;  // 16 MiB of randomness each
constexpr uint64_t kStackRoom = 128ull << 20;  // below the stack's end, at least
constexpr uint64_t kFewestFrames = 512;        // two megabytes: less runs no program of use
constexpr uint64_t kFreeBase = arch::kUserEnd / 3 * 2;

uint64_t draw(lib::Random& random) { return random.below(kMostDrawnPages) * arch::kPageSize; }

}  // namespace

bool init_memory(PhysRange ram, std::span<const PhysRange> reserved) {
    init_frames({&ram, 1}, reserved);
    if (count_frames().free < kFewestFrames) return false;
    init_zero_frame();
    protect_kernel_image();
    return true;
}

ProgramMemory::ProgramMemory(const core::Limits& its_limits, ProgramLayout its_layout)
    : layout(its_layout), limits(&its_limits) {}
ProgramMemory::ProgramMemory(ProgramMemory&&) = default;
ProgramMemory& ProgramMemory::operator=(ProgramMemory&&) = default;
ProgramMemory::~ProgramMemory() = default;

Result<ProgramMemory> make_program_memory(const core::Limits& limits, uint64_t seed) {
    lib::Random random{seed + 1};
    const uint64_t stack_end = arch::kUserEnd - arch::kPageSize - draw(random);
    const uint64_t top = stack_end - kStackRoom - draw(random);
    const uint64_t free_base = lib::align_down(kFreeBase, arch::kPageSize) + draw(random);
    ProgramMemory memory(limits, {free_base, stack_end});
    memory.space = TRY(AddressSpace::make(top));
    return memory;
}

Result<void> ProgramMemory::add_segment(uint64_t begin, uint64_t size, SegmentAccess access,
                                        lib::Bytes contents) {
    uint64_t end;
    if (__builtin_add_overflow(begin, size, &end) || end > arch::kUserEnd) return Errno{ENOMEM};
    const uint64_t first_page = lib::align_down(begin, arch::kPageSize);
    MapRequest request;
    request.address = first_page;
    request.size = end - first_page;
    request.flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    if (access.read) request.protection |= PROT_READ;
    if (access.write) request.protection |= PROT_WRITE;
    if (access.execute) request.protection |= PROT_EXEC;
    if (!space->map(request, *limits)) return Errno{ENOMEM};
    TRY(space->fill(begin, contents));
    const uint64_t behind = MUST(lib::align_up(end, arch::kPageSize));
    if (behind > layout.segments_end) layout.segments_end = behind;
    return {};
}

Result<void> ProgramMemory::add_stack(uint64_t bytes) {
    MapRequest request;
    request.address = layout.stack_end - bytes;
    request.size = bytes;
    request.protection = PROT_READ | PROT_WRITE;
    request.flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_GROWSDOWN;
    if (!space->map(request, *limits)) return Errno{ENOMEM};
    space->start_break(layout.segments_end);
    return {};
}

Result<void> ProgramMemory::write(uint64_t address, lib::Bytes bytes) {
    return space->fill(address, bytes);
}

void exchange_memory(core::Thread& thread, ProgramMemory& memory) {
    memory.space->renew_code();
    // No other thread runs here while the CPU translates by memory that is not its thread's.
    const sync::PreemptGuard guard;
    memory.space = exchange_space(thread, std::move(memory.space));
    const arch::InterruptGuard interrupts;
    thread.memory.space->enter();
    if (memory.space) memory.space->left();
}

}  // namespace mm
