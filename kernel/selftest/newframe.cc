// `selftest=newframe:HEX` (SMP=2): a page gets another frame while a second CPU, which may know the old
// one, does not answer. Until it has, nobody may come to the new frame: the second CPU looks at the entry.
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

namespace selftest {

namespace {

constexpr uint64_t kPlace = 0x800000;
const core::Limits kLimits;

enum Step : uint32_t { kNobodyThere, kInTheSpace, kHasLooked };
lib::Atomic<uint32_t> step{kNobodyThere};
mm::AddressSpace* space = nullptr;
volatile arch::Pte* entry = nullptr;

// The host stops here and looks at the entry, too (grading/test_paging.py).
extern "C" [[gnu::noinline]] void host_looks_at_entry(volatile arch::Pte* place) {
    asm volatile("" : : "r"(place) : "memory");
}

// What CPU 1 does on its way out of an interrupt: interrupts are off.
void hold_still() {
    if (arch::this_cpu()->index != 1 || step.load() != kNobodyThere) return;
    space->enter();
    const arch::Pte before = *entry;
    step.store(kInTheSpace);
    while (*entry == before) arch::pause_cpu();
    host_looks_at_entry(entry);
    space->leave();
    step.store(kHasLooked);
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
    const auto was_read = memory->fault(kPlace, mm::Access::kRead, kLimits);
    space = memory.get();
    entry = table.find(kPlace);
    entry::set_interrupt_exit_hook(hold_still);
    arch::send_ipi(arch::cpu_blocks[1]);
    while (step.load() == kNobodyThere) arch::pause_cpu();
    const auto was_written = memory->fault(kPlace, mm::Access::kWrite, kLimits);
    while (step.load() != kHasLooked) arch::pause_cpu();
    entry::set_interrupt_exit_hook(nullptr);
    const bool wrong =
        was_read != mm::FaultAnswer::kMended || was_written != mm::FaultAnswer::kMended;
    core::log("selftest newframe: wrong={}", wrong ? 1 : 0);
    return !wrong;
}

}  // namespace selftest
