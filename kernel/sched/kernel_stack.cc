// The stacks that threads have in the kernel. Contract: sched/kernel_stack.h. A few lie ready at each CPU,
// as they are: most threads live as long as it takes to start the next. Others give their frames back.
//
// A place whose frames were given back is stale: some CPU's TLB may still know them. Nobody looks there,
// so nobody need be told at once: when no other place is left, all CPUs forget all stale ones together.
#include "sched/kernel_stack.h"

#include <algorithm>
#include <utility>

#include "arch/cpu.h"
#include "arch/memory.h"
#include "arch/page_table.h"
#include "arch/per_cpu.h"
#include "lib/assert.h"
#include "mm/frames.h"
#include "mm/kernel_map.h"
#include "mm/shootdown.h"
#include "sync/preempt.h"
#include "sync/spinlock.h"

namespace sched {

namespace {

constexpr unsigned kPages = arch::kKernelStackSize / arch::kPageSize;
constexpr unsigned kSlots = arch::kKernelStackAreaSize / arch::kKernelStackSlot;
constexpr arch::PageAccess kReadWrite = {true, true, false, false};

// Numbers of slots, a bit each. The lowest is taken first: the tables of page-table entries stay few.
class SlotSet {
public:
    bool is_empty() const { return count_ == 0; }

    void add(unsigned slot) {
        words_[slot / 64] |= uint64_t{1} << slot % 64;
        count_++;
        if (slot / 64 < first_word_) first_word_ = slot / 64;
        if (slot / 64 >= end_word_) end_word_ = slot / 64 + 1;
    }

    // Context: not empty.
    unsigned take() {
        while (words_[first_word_] == 0) first_word_++;
        unsigned bit = 0;
        while ((words_[first_word_] >> bit & 1) == 0) bit++;
        words_[first_word_] &= words_[first_word_] - 1;
        count_--;
        return first_word_ * 64 + bit;
    }

    void take_all_of(SlotSet& other) {
        for (unsigned i = other.first_word_; i < other.end_word_; i++) {
            words_[i] |= std::exchange(other.words_[i], 0);
        }
        count_ += std::exchange(other.count_, 0);
        first_word_ = std::min(first_word_, other.first_word_);
        end_word_ = std::max(end_word_, other.end_word_);
    }

private:
    uint64_t words_[kSlots / 64] = {};
    unsigned count_ = 0;
    unsigned first_word_ = 0;  // in the words before it and from end_word_ on there is none
    unsigned end_word_ = 0;
};

sync::SpinLock slots_lock{sync::LockRank::kKernelStacks};
constinit SlotSet free_slots GUARDED_BY(slots_lock);     // no CPU remembers anything there
constinit SlotSet stale_slots GUARDED_BY(slots_lock);    // free but for that
constinit SlotSet waiting_slots GUARDED_BY(slots_lock);  // until all CPUs have forgotten them
unsigned first_unused GUARDED_BY(slots_lock) = arch::kMaxCpus;  // before it: where CPUs boot

// Stacks that are mapped and free. Each CPU has its own, used with preemption off.
constexpr unsigned kMostCached = 4;
struct Cache {
    unsigned count = 0;
    uint64_t lows[kMostCached] = {};
};
constinit Cache caches[arch::kMaxCpus] = {};

Cache& this_cache() { return caches[arch::this_cpu()->index]; }

uint64_t low_of(unsigned slot) {
    return arch::kKernelStackArea + slot * arch::kKernelStackSlot + arch::kKernelStackSlot -
           arch::kKernelStackSize;
}

unsigned slot_of(uint64_t low) {
    return static_cast<unsigned>((low - arch::kKernelStackArea) / arch::kKernelStackSlot);
}

// Effect: what is stale now is free, unless another CPU is about to do the same. The lock is not held while
// the others are told: one of them may be waiting for it with interrupts off.
void forget_stale_slots() {
    {
        sync::SpinGuard guard(slots_lock);
        if (!waiting_slots.is_empty() || stale_slots.is_empty()) return;
        waiting_slots.take_all_of(stale_slots);
    }
    lib::full_fence();  // which CPUs there are is read after the entries were written
    mm::flush_tlb_of(mm::online_cpus(), arch::kKernelStackArea,
                     arch::kKernelStackArea + arch::kKernelStackAreaSize);
    sync::SpinGuard guard(slots_lock);
    free_slots.take_all_of(waiting_slots);
}

// Effect: a slot whose entries can be set, or ENOMEM.
Result<unsigned> take_slot() {
    {
        sync::SpinGuard guard(slots_lock);
        if (!free_slots.is_empty()) return free_slots.take();
    }
    forget_stale_slots();
    sync::SpinGuard guard(slots_lock);
    if (!free_slots.is_empty()) return free_slots.take();
    if (first_unused == kSlots) return Errno{ENOMEM};
    TRY(mm::make_kernel_table(low_of(first_unused)));
    return first_unused++;
}

void put_free_slot(unsigned slot) {
    sync::SpinGuard guard(slots_lock);
    free_slots.add(slot);
}

void put_stale_slot(unsigned slot) {
    sync::SpinGuard guard(slots_lock);
    stale_slots.add(slot);
}

// Effect: all of them, or ENOMEM and none.
Result<void> allocate_frames(arch::PhysAddr (&frames)[kPages]) {
    for (unsigned i = 0; i < kPages; i++) {
        const Result<arch::PhysAddr> frame = mm::allocate_frame();
        if (!frame) {
            while (i > 0) mm::release_frame(frames[--i]);
            return frame.error();
        }
        frames[i] = *frame;
    }
    return {};
}

Result<uint64_t> map_stack() {
    const unsigned slot = TRY(take_slot());
    arch::PhysAddr frames[kPages];
    const Result<void> got = allocate_frames(frames);
    if (!got) {
        put_free_slot(slot);
        return got.error();
    }
    for (unsigned i = 0; i < kPages; i++) {
        mm::set_kernel_page(low_of(slot) + i * arch::kPageSize,
                            arch::make_leaf(frames[i], kReadWrite));
    }
    return low_of(slot);
}

void unmap_stack(uint64_t low) {
    for (unsigned i = 0; i < kPages; i++) {
        const arch::Pte entry = mm::set_kernel_page(low + i * arch::kPageSize, arch::kNoEntry);
        mm::release_frame(arch::address_of(entry));
    }
    put_stale_slot(slot_of(low));
}

}  // namespace

Result<uint64_t> allocate_kernel_stack() {
    {
        sync::PreemptGuard guard;
        Cache& cache = this_cache();
        if (cache.count > 0) return cache.lows[--cache.count];
    }
    return map_stack();
}

void free_kernel_stack(uint64_t low) {
    if (arch::this_cpu()->stack_low == low) PANIC("a thread frees the stack that it runs on");
    {
        sync::PreemptGuard guard;
        Cache& cache = this_cache();
        if (cache.count < kMostCached) {
            cache.lows[cache.count++] = low;
            return;
        }
    }
    unmap_stack(low);
}

}  // namespace sched
