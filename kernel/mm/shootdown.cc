// Contract: mm/shootdown.h. One request at a time: the one who asks writes it down, sends interrupts,
// forgets itself, and waits until every other has answered.
//
//     asks                                     another CPU
//     request = range, waiting = cpus
//     send_ipi ──────────────────────────────► serve_shootdown: flush, take itself out of waiting
//     flush                                    …
//     until waiting == 0 ◄─────────────────────
#include "mm/shootdown.h"

#include "arch/cpu.h"
#include "arch/elf_machine.h"
#include "arch/page_table.h"
#include "arch/per_cpu.h"
#include "core/panic.h"
#include "mm/door.h"
#include "mm/frames.h"
#include "sync/preempt.h"
#include "sync/spinlock.h"

namespace mm {

namespace {

// One page costs a flush of one page; from this many on, all is cheaper (as on Linux).
constexpr uint64_t kMostSinglePages = 32;

struct Request {
    uint64_t begin, end;   // what translations are forgotten
    bool of_code = false;  // or the instructions that were fetched
};

sync::SpinLock request_lock{sync::LockRank::kShootdown};
Request request GUARDED_BY(request_lock);  // the lock's holder writes, CPUs in `waiting` read
lib::Atomic<CpuSet> waiting{0};

void flush_here(uint64_t begin, uint64_t end) {
    if ((end - begin) / arch::kPageSize > kMostSinglePages) {
        begin < arch::kUserEnd ? arch::flush_user_tlb() : arch::flush_local_tlb();
        return;
    }
    for (; begin < end; begin += arch::kPageSize) arch::flush_page(begin);
}

void serve(const Request& what) {
    what.of_code ? arch::flush_instruction_cache() : flush_here(what.begin, what.end);
}

void ask_others(CpuSet others, const Request& what) {
    ASSERT(arch::interrupts_enabled());
    sync::SpinGuard guard(request_lock);
    request = what;
    waiting.store(others, lib::Order::kRelease);
    for (unsigned i = 0; i < arch::cpu_count(); i++) {
        if ((others >> i & 1) != 0) arch::send_ipi(arch::cpu_blocks[i]);
    }
    while (waiting.load(lib::Order::kAcquire) != 0 && !core::is_panicking()) arch::pause_cpu();
}

// Effect: all of them have done it when this returns, this CPU too if it is among them.
void ask(CpuSet cpus, const Request& what) {
    sync::disable_preemption();  // whoever asks must stay on its CPU, or one would be left out
    const CpuSet me = 1u << arch::this_cpu()->index;
    if ((cpus & me) != 0) serve(what);
    if ((cpus & ~me) != 0) ask_others(cpus & ~me, what);
    sync::enable_preemption();
}

}  // namespace

void serve_shootdown() NO_THREAD_SAFETY_ANALYSIS {
    const CpuSet me = 1u << arch::this_cpu()->index;
    if ((waiting.load(lib::Order::kAcquire) & me) == 0) return;
    serve(request);
    waiting.fetch_and(~me, lib::Order::kRelease);
}

CpuSet online_cpus() {
    CpuSet cpus = 0;
    for (unsigned i = 0; i < arch::cpu_count(); i++) {
        if (arch::cpu_blocks[i].is_online()) cpus |= 1u << i;
    }
    return cpus;
}

void flush_tlb_of(CpuSet cpus, uint64_t begin, uint64_t end) { ask(cpus, {begin, end}); }

// The other side is AddressSpace::enter: it puts its CPU into the set, and then translates. Without the fence
// the set could be read before the entry is written: it misses a CPU that has read the old entry since.
void flush_tlb_of(const lib::Atomic<CpuSet>& cpus, uint64_t begin, uint64_t end) {
    lib::full_fence();
    ask(cpus.load(), {begin, end});
}

void call_into_kernel(CpuSet cpus) { ask(cpus, {0, 0}); }

void flush_code_of(CpuSet cpus) { ask(cpus, {.begin = 0, .end = 0, .of_code = true}); }

void Unmapped::cover(uint64_t begin, uint64_t end) {
    if (begin < begin_) begin_ = begin;
    if (end > end_) end_ = end;
}

void Unmapped::add(arch::PhysAddr frame) {
    if (count_ == kMost) flush();
    frames_[count_++] = frame;
    if (frame_of(frame).next == Frame::kEmptiedTable) has_tables_ = true;
    if (resident_ != nullptr && is_resident(frame)) resident_->subtract(1);
}

void Unmapped::flush() {
    // A CPU may remember the way to a table apart from its pages: then one page's address is not enough.
    const bool all = has_tables_ && !arch::kPageFlushTakesTables;
    all ? flush_tlb_of(cpus_, 0, arch::kUserEnd) : flush_tlb_of(cpus_, begin_, end_);
    has_tables_ = false;
    for (size_t i = 0; i < count_; i++) release_frame(frames_[i]);
    count_ = 0;
}

void Unmapped::finish() {
    // Nothing was mapped in the range: nothing can be remembered of it.
    if (count_ != 0) flush();
    begin_ = ~0ull;
    end_ = 0;
}

}  // namespace mm
