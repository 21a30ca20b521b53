// `selftest=newframe:HEX` (SMP=2): a page gets another frame while a CPU that may know the old one does
// not answer. Until it has, nobody may come to the new frame: that CPU and the host look at the entry.
#include <linux/mman.h>

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/log.h"
#include "entry/interrupt.h"
#include "lib/make.h"
#include "mm/address_space.h"
#include "mm/page_table.h"
#include "mm/shared_memory.h"
#include "selftest/hex.h"
#include "selftest/selftest.h"
#include "sync/preempt.h"

namespace selftest {

namespace {

constexpr uint64_t kPlace = 0x800000;
const core::Limits kLimits;

enum Step : uint32_t { kNotYet, kAsked, kBegun, kDone };
lib::Atomic<uint32_t> step{kNotYet};
lib::Atomic<uint32_t> mended{0};
mm::AddressSpace* space = nullptr;

// The host stops here and looks at the entry, too (grading/test_paging.py).
[[gnu::noinline]] void host_looks_at_entry(const volatile arch::Pte* place) {
    asm volatile("" : : "r"(place) : "memory");
}

// What CPU 1 does on its way out of an interrupt, be it a tick: once it is asked to, it writes to the page,
// and CPU 0 does not answer.
void write_to_page() {
    uint32_t asked = kAsked;
    if (arch::this_cpu()->index != 1 || !step.compare_exchange(asked, kBegun)) return;
    sync::disable_preemption();
    arch::enable_interrupts();
    const auto answer = space->fault(kPlace, mm::Access::kWrite, kLimits);
    mended.store(answer == mm::FaultAnswer::kMended);
    arch::disable_interrupts();
    sync::enable_preemption();
    step.store(kDone);
}

// Effect: CPU 0 is in the address space, takes no interrupt, and waits until the entry changes.
void hold_still(const volatile arch::Pte* entry) {
    const arch::InterruptGuard guard;
    space->enter();
    const arch::Pte before = *entry;
    step.store(kAsked);
    arch::send_ipi(arch::cpu_blocks[1]);
    while (*entry == before) arch::pause_cpu();
    host_looks_at_entry(entry);
    space->leave();
}

}  // namespace

SELFTEST(newframe) {
    const mm::PageTable table = MUST(mm::PageTable::make());
    const auto memory = MUST(lib::make_ref<mm::AddressSpace>(table, arch::kUserEnd));
    mm::MapRequest request;
    request.address = kPlace;
    request.size = arch::kPageSize;
    request.protection = PROT_READ | PROT_WRITE;
    request.flags = MAP_PRIVATE | MAP_FIXED;
    request.source = MUST(mm::make_shared_memory(1));
    static_cast<void>(MUST(memory->map(request, kLimits)));
    const bool was_read =
        memory->fault(kPlace, mm::Access::kRead, kLimits) == mm::FaultAnswer::kMended;
    space = memory.get();
    entry::set_interrupt_exit_hook(write_to_page);
    hold_still(table.find(kPlace));
    while (step.load() != kDone) arch::pause_cpu();
    entry::set_interrupt_exit_hook(nullptr);
    const bool wrong = !was_read || mended.load() == 0;
    core::log("selftest newframe: wrong={}", wrong ? 1 : 0);
    return !wrong;
}

}  // namespace selftest
