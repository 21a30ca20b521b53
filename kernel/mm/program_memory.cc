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
#include "core/process.h"
#include "core/thread.h"
#include "lib/checked.h"
#include "lib/random.h"
#include "mm/address_space.h"
#include "mm/frames.h"
#include "mm/kernel_map.h"

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

Result<ProgramLayout> make_program_memory(core::Thread& thread, uint64_t seed) {
    lib::Random random{seed + 1};
    const uint64_t stack_end = arch::kUserEnd - arch::kPageSize - draw(random);
    const uint64_t top = stack_end - kStackRoom - draw(random);
    const uint64_t free_base = lib::align_down(kFreeBase, arch::kPageSize) + draw(random);
    auto space = TRY(AddressSpace::make(top));
    {
        sync::SpinGuard sharing(thread_memory_lock);
        thread.memory.space = space.release();
    }
    const arch::InterruptGuard guard;
    thread.memory.space->enter();
    return ProgramLayout{free_base, stack_end};
}

Result<void> add_program_segment(core::Thread& thread, ProgramLayout& layout, uint64_t begin,
                                 uint64_t size, SegmentAccess access, lib::Bytes contents) {
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
    const auto mapped = thread.memory.space->map(request, thread.process->limits);
    if (!mapped) return Errno{ENOMEM};
    TRY(thread.memory.space->fill(begin, contents));
    const uint64_t behind = MUST(lib::align_up(end, arch::kPageSize));
    if (behind > layout.segments_end) layout.segments_end = behind;
    return {};
}

Result<void> add_program_stack(core::Thread& thread, const ProgramLayout& layout, uint64_t bytes) {
    MapRequest request;
    request.address = layout.stack_end - bytes;
    request.size = bytes;
    request.protection = PROT_READ | PROT_WRITE;
    request.flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_GROWSDOWN;
    const auto mapped = thread.memory.space->map(request, thread.process->limits);
    if (!mapped) return Errno{ENOMEM};
    thread.memory.space->start_break(layout.segments_end);
    return {};
}

Result<void> write_program_memory(core::Thread& thread, uint64_t address, lib::Bytes bytes) {
    return thread.memory.space->fill(address, bytes);
}

}  // namespace mm
