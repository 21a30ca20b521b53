// Self-tests of kernel stacks: `selftest=stacks:HEX` takes and gives back stacks at random, on all CPUs;
// `selftest=manystacks` takes all that there are; `selftest=threadoverflow` uses up one that is not the
// boot's.
#include <cstdint>

#include "arch/cpu.h"
#include "arch/kernel_context.h"
#include "arch/memory.h"
#include "arch/per_cpu.h"
#include "core/log.h"
#include "entry/interrupt.h"
#include "lib/random.h"
#include "mm/frames.h"
#include "sched/kernel_stack.h"
#include "selftest/hex.h"
#include "selftest/selftest.h"
#include "sync/preempt.h"

namespace selftest {

namespace {

// ---- marks in every page of a stack -----------------------------------------------------------------

uint64_t& word_in_page(uint64_t low, uint64_t page) {
    return *reinterpret_cast<uint64_t*>(low + (page + 1) * arch::kPageSize - sizeof(uint64_t));
}

constexpr uint64_t kPages = arch::kKernelStackSize / arch::kPageSize;

void mark(uint64_t low, uint64_t value) {
    for (uint64_t page = 0; page < kPages; page++) word_in_page(low, page) = value + page;
}

unsigned count_changed(uint64_t low, uint64_t value) {
    unsigned changed = 0;
    for (uint64_t page = 0; page < kPages; page++) {
        if (word_in_page(low, page) != value + page) changed++;
    }
    return changed;
}

// ---- on all CPUs ------------------------------------------------------------------------------------

constexpr unsigned kMostHeld = 24;
constexpr unsigned kRounds = 3000;

lib::Atomic<uint32_t> wrong{0};
lib::Atomic<uint32_t> working{0};  // CPUs that have not finished
lib::Atomic<uint32_t> taken_part{0};
uint64_t seed = 0;

// Until `rounds` are over, or for ever; each stack is its holder's alone.
void take_and_give_back(lib::Random random) {
    struct {
        uint64_t low, mark;
    } held[kMostHeld];
    unsigned count = 0;
    for (unsigned round = 0; round < kRounds || count > 0; round++) {
        if (round < kRounds && count < kMostHeld && random.below(2) == 0) {
            held[count] = {MUST(sched::allocate_kernel_stack()), random.next()};
            mark(held[count].low, held[count].mark);
            count++;
        } else if (count > 0) {
            const uint64_t which = random.below(count);
            wrong.fetch_add(count_changed(held[which].low, held[which].mark));
            sched::free_kernel_stack(held[which].low);
            held[which] = held[--count];
        }
    }
}

void work_once() {
    arch::Cpu& cpu = *arch::this_cpu();
    if (cpu.index == 0 || (taken_part.fetch_or(1u << cpu.index) >> cpu.index & 1) != 0) return;
    sync::disable_preemption();
    arch::enable_interrupts();
    take_and_give_back(lib::Random{seed + cpu.index});
    arch::disable_interrupts();
    sync::enable_preemption();
    working.fetch_add(-1u);
}

// ---- an overflow ------------------------------------------------------------------------------------

arch::KernelContext boot_context;
arch::KernelContext small_context;

[[gnu::noinline]] uint64_t use_up_the_stack(uint64_t depth) {
    if (depth == 1'000'000) return 0;
    volatile uint64_t page[64];
    page[depth % 64] = depth;
    return use_up_the_stack(depth + 1) + page[depth % 64];
}

void overflow() {
    static_cast<void>(use_up_the_stack(0));
    arch::switch_context(small_context, boot_context);
}

}  // namespace

SELFTEST(stacks) {
    seed = hex_number(argument);
    take_and_give_back(lib::Random{seed});
    const uint64_t free_before = mm::count_frames().free;
    working.store(arch::online_cpu_count() - 1);
    entry::set_interrupt_exit_hook(work_once);
    for (unsigned i = 1; i < arch::cpu_count(); i++) {
        if (arch::cpu_blocks[i].is_online()) arch::send_ipi(arch::cpu_blocks[i]);
    }
    for (int again = 0; again < 3; again++) take_and_give_back(lib::Random{seed});
    while (working.load() != 0) arch::pause_cpu();
    entry::set_interrupt_exit_hook(nullptr);
    const uint64_t lost = free_before - mm::count_frames().free;
    core::log("selftest stacks: cpus={} wrong={}", arch::online_cpu_count(), wrong.load());
    // What the other CPUs keep ready, they did not have before.
    return wrong.load() == 0 && (arch::online_cpu_count() > 1 || lost == 0);
}

// Each stack remembers the one before it.
SELFTEST(manystacks) {
    uint64_t counts[2] = {};
    uint64_t free_after[2] = {};
    for (int again = 0; again < 2; again++) {
        uint64_t last = 0;
        while (true) {
            const Result<uint64_t> low = sched::allocate_kernel_stack();
            if (!low) break;
            word_in_page(*low, 1) = last;
            last = *low;
            counts[again]++;
        }
        while (last != 0) {
            const uint64_t low = last;
            last = word_in_page(low, 1);
            sched::free_kernel_stack(low);
        }
        free_after[again] = mm::count_frames().free;
    }
    const uint64_t lost = free_after[0] - free_after[1];
    core::log("selftest manystacks: stacks={} again={} lost={}", counts[0], counts[1], lost);
    return counts[0] == counts[1] && lost == 0;
}

SELFTEST(threadoverflow) {
    const uint64_t low = MUST(sched::allocate_kernel_stack());
    arch::make_context(small_context, low + arch::kKernelStackSize, overflow);
    const arch::InterruptGuard guard;
    arch::this_cpu()->stack_low = low;
    arch::switch_context(boot_context, small_context);
    return false;
}

}  // namespace selftest
