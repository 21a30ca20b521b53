// Page faults: a page is given when it is first touched, copied when it is first written to, and denied
// with a reason. Contract: mm/address_space.h. Called by mend_fault (user mode) and reach() (copies).
#include <linux/mman.h>

#include <cstring>
#include <utility>

#include "arch/elf_machine.h"
#include "arch/trap.h"
#include "core/process.h"
#include "core/thread.h"
#include "lib/checked.h"
#include "lib/todo.h"
#include "mm/address_space.h"
#include "mm/frames.h"

namespace mm {

namespace {

arch::PhysAddr the_zero_frame{};

// Effect: whether the mapping's protection lets a program do that.
[[maybe_unused]] bool allows(const Vma& vma, Access access) {
    switch (access) {
        case Access::kWrite: return (vma.protection & PROT_WRITE) != 0;
        case Access::kExecute: return (vma.protection & PROT_EXEC) != 0;
        case Access::kRead: break;
    }
    int readable = PROT_READ;
    if (arch::kWritableImpliesReadable) readable |= PROT_WRITE;
    if (arch::kExecutableImpliesReadable) readable |= PROT_EXEC;
    return (vma.protection & readable) != 0;
}

// Effect: a frame with the same bytes, one reference; the caller's reference to `frame` stays. ENOMEM.
[[maybe_unused]] Result<arch::PhysAddr> copy_frame(arch::PhysAddr frame) {
    if (frame == zero_frame()) return allocate_zeroed_frame();
    const arch::PhysAddr copy = TRY(allocate_frame());
    memcpy(arch::direct_map(copy), arch::direct_map(frame), arch::kPageSize);
    return copy;
}

Access access_of_event(arch::Event event) {
    if (event == arch::Event::kWriteFault) return Access::kWrite;
    return event == arch::Event::kExecuteFault ? Access::kExecute : Access::kRead;
}

}  // namespace

void init_zero_frame() { the_zero_frame = MUST(allocate_zeroed_frame()); }

arch::PhysAddr zero_frame() { return the_zero_frame; }

arch::PageAccess access_of_pages(const Vma& vma) {
    return {(vma.protection & PROT_READ) != 0, (vma.protection & PROT_WRITE) != 0,
            (vma.protection & PROT_EXEC) != 0, true};
}

FaultAnswer mend_fault(core::Thread& thread, arch::Event event, uint64_t address) {
    const bool page_fault = event == arch::Event::kReadFault || event == arch::Event::kWriteFault ||
                            event == arch::Event::kExecuteFault;
    if (!page_fault || address >= arch::kUserEnd) return FaultAnswer::kNotMapped;
    // What shall fail is an allocation of a call (fail_nth.h).
    const uint64_t paused = std::exchange(thread.memory.fail_nth, 0);
    const FaultAnswer answer =
        thread.memory.space->fault(address, access_of_event(event), thread.process->limits);
    thread.memory.fail_nth = paused;
    return answer;
}

FaultAnswer AddressSpace::fault(uint64_t address, Access access, const core::Limits& limits) {
    sync::SpinGuard guard(lock_);
    return mend_or_refuse(address, access, limits);
}

// Linux: expand_downwards(). No stack grows below the lowest address that a mapping may have, for anybody.
FaultAnswer AddressSpace::mend_or_refuse(uint64_t address, Access access,
                                         const core::Limits& limits) {
    if (address < kLowestMapping) {
        const Vma* vma = vmas_.find(address);
        if (vma == nullptr || !vma->contains(address)) return FaultAnswer::kNotMapped;
    }
    return mend(address, access, limits);
}

// The frame that `page` of a mapping shall show, with a reference for its entry. `old` is the entry so
// far.
//   1. What it shows before this touch. If `old` leads to a frame: that one. Otherwise with a source:
//      the source's page (its number counts from the source's beginning: vma.offset); without: the
//      frame of zeros. source->page() hands out a reference, retain_frame() takes one.
//   2. That is the answer unless a private mapping is written to. Then the frame must be the page's
//      own: a frame that only `old` refers to is, any other is copied (copy_frame).
//   3. References: the answer carries one; if `old` leads to the answer it is the one that `old` has
//      already. The caller gives back the one of `old` if the answer is another frame.
// ENXIO and ENOMEM come from the source and from copying.
// ROOM paging.6 begin: which frame a page shows
Result<arch::PhysAddr> AddressSpace::frame_for(const Vma& vma, uint64_t page, Access access,
                                               arch::Pte old) {
    const bool needs_own = access == Access::kWrite && (vma.flags & Vma::kShared) == 0;
    if (old != arch::kNoEntry) {
        const arch::PhysAddr frame = arch::address_of(old);
        if (!needs_own || frame_references(frame) == 1) return frame;
        return copy_frame(frame);
    }
    if (!vma.source && needs_own) return allocate_zeroed_frame();
    if (!vma.source) {
        retain_frame(zero_frame());
        return zero_frame();
    }
    const uint64_t index = (vma.offset + (page - vma.begin)) / arch::kPageSize;
    const arch::PhysAddr frame = TRY(vma.source->page(index));
    if (!needs_own) return frame;
    const auto copy = copy_frame(frame);
    release_frame(frame);
    return copy;
}
// ROOM paging.6 end

FaultAnswer AddressSpace::supply_page(const Vma& vma, uint64_t page, Access access) {
    const auto entry = table_.find_or_make(page);
    if (!entry) return FaultAnswer::kNoMemory;
    const arch::Pte old = **entry;
    const auto frame = frame_for(vma, page, access, old);
    if (!frame)  // also a file system that is full: the source has no such page (SIGBUS)
        return frame.error() == Errno{ENOMEM} ? FaultAnswer::kNoMemory : FaultAnswer::kPastEnd;
    // A private page is writable only while nobody else sees its frame: the next write must fault.
    arch::PageAccess allowed = access_of_pages(vma);
    const bool is_private = (vma.flags & Vma::kShared) == 0;
    if (is_private && (*frame == zero_frame() || frame_references(*frame) != 1))
        allowed.write = false;
    const bool was_resident = old != arch::kNoEntry && is_resident(arch::address_of(old));
    if (is_resident(*frame) && !was_resident) resident_.add(1);
    // Of the thread that touched it, be it for another's memory (Linux: mm/memory.c, mm_account_fault).
    if (core::Thread* running = arch::this_cpu()->running) lib::count(running->memory.faults);
    if (allowed.execute) renew_code();
    replace_entry(page, *entry, arch::make_leaf(*frame, allowed));
    return FaultAnswer::kMended;
}

// No two CPUs may see different frames at one address: the one would write to the new while the other still
// reads the old. So between two frames there is none, until all have forgotten the old one, which goes then.
void AddressSpace::replace_entry(uint64_t page, arch::Pte* entry, arch::Pte fresh) {
    const arch::Pte old = *entry;
    if (old == fresh) return arch::flush_user_tlb();  // this CPU remembered that nothing was there
    if (old == arch::kNoEntry) {
        set_entry(entry, fresh);
        // A CPU may remember that nothing was there (riscv64): it faults once more, and finds `old`. That
        // there was no table, it may remember apart from that.
        if (!arch::kPageFlushTakesTables && is_only_entry(entry)) arch::flush_user_tlb();
    } else if (arch::address_of(old) == arch::address_of(fresh)) {
        overwrite_entry(entry, fresh);
        flush_tlb_of(cpus_, page, page + arch::kPageSize);
    } else {
        overwrite_entry(entry, arch::kNoEntry);
        flush_tlb_of(cpus_, page, page + arch::kPageSize);
        overwrite_entry(entry, fresh);
        release_frame(arch::address_of(old));
    }
}

// What to do about a touch of `address` (any user address), in this order:
//   1. The first mapping that ends above the address; kNotMapped if there is none.
//   2. If it begins above the address: a stack (Vma::kGrowsDown) may grow down to it, and grow_stack
//      tells whether it did; kNotMapped otherwise.
//   3. kForbidden if it does not allow the access (allows).
//   4. Whatever supply_page answers for the page that holds the address.
// ROOM paging.7 begin: a page fault
FaultAnswer AddressSpace::mend(uint64_t address, Access access, const core::Limits& limits) {
    Vma* vma = vmas_.find(address);
    if (vma == nullptr) return FaultAnswer::kNotMapped;
    if (!vma->contains(address)) {
        const bool is_stack = (vma->flags & Vma::kGrowsDown) != 0;
        if (!is_stack || !grow_stack(*vma, address, limits)) return FaultAnswer::kNotMapped;
    }
    if (!allows(*vma, access)) return FaultAnswer::kForbidden;
    return supply_page(*vma, lib::align_down(address, arch::kPageSize), access);
}
// ROOM paging.7 end

// setrlimit(2), RLIMIT_STACK; Linux: mm/mmap.c's stack_guard_gap. However far below the stack the touch
// is, the stack grows to it in one step, if that leaves it within its limit and the gap below it free.
// ROOM paging.9 begin: grow the stack
bool AddressSpace::grow_stack(Vma& stack, uint64_t address, const core::Limits& limits) {
    const uint64_t begin = lib::align_down(address, arch::kPageSize);
    if (stack.end - begin > limits.soft(RLIMIT_STACK)) return false;
    const Vma* below = VmaTree::previous(stack);
    const bool guarded =
        below != nullptr && (below->flags & Vma::kGrowsDown) == 0 && below->protection != PROT_NONE;
    if (guarded && begin - below->end < VmaTree::kStackGap) return false;
    if (!check_size(stack.begin - begin, 0, limits)) return false;
    vmas_.set_begin(stack, begin);
    return true;
}
// ROOM paging.9 end

}  // namespace mm
