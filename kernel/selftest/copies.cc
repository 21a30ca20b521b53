// `selftest=copies` (SMP=2): a CPU copies an address space while another one looks at all that it can find.
// The looking CPU must never find a copy that is not whole.
#include <linux/mman.h>

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/log.h"
#include "core/thread.h"
#include "mm/address_space.h"
#include "sched/scheduler.h"
#include "selftest/selftest.h"

namespace selftest {

namespace {

constexpr uint64_t kPlace = 0x800000;
constexpr uint64_t kPages = 300;
constexpr unsigned kCopies = 100;
const core::Limits kLimits;

mm::AddressSpace* original = nullptr;
lib::Atomic<uint32_t> looks{0};    // how often the other CPU has looked
lib::Atomic<uint32_t> partial{0};  // copies that were not whole
lib::Atomic<uint32_t> has_copied{0}, has_seen_that{0};

void look_for_ever() {
    while (has_copied.load() == 0) {
        for (auto space = mm::AddressSpace::next_living(nullptr); space;
             space = mm::AddressSpace::next_living(space.get())) {
            const bool is_whole = space->count_resident().all == kPages;
            if (space.get() != original && !is_whole) partial.fetch_add(1);
        }
        looks.fetch_add(1);
    }
    has_seen_that.store(1);
    sched::end_thread();
}

RefPtr<mm::AddressSpace> make_original() {
    auto space = MUST(mm::AddressSpace::make(arch::kUserEnd));
    mm::MapRequest request;
    request.address = kPlace;
    request.size = kPages * arch::kPageSize;
    request.protection = PROT_READ | PROT_WRITE;
    request.flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    static_cast<void>(MUST(space->map(request, kLimits)));
    space->populate(kPlace, request.size, kLimits);
    return space;
}

}  // namespace

SELFTEST(copies) {
    const RefPtr<mm::AddressSpace> space = make_original();
    original = space.get();
    core::Thread& other = *MUST(sched::make_thread({}, look_for_ever));
    other.sched.affinity.store(lib::CpuSet{1} << 1);
    sched::start_thread(other);
    while (looks.load() == 0) arch::pause_cpu();
    for (unsigned i = 0; i < kCopies; i++) {
        const auto copy = MUST(space->clone());
        if (copy->count_resident().all != kPages) partial.fetch_add(1);
    }
    has_copied.store(1);
    while (has_seen_that.load() == 0) arch::pause_cpu();
    core::log("selftest copies: copies={} partial={}", kCopies, partial.load());
    return partial.load() == 0;
}

}  // namespace selftest
