// Self-tests of lab paging: what no program can show. `selftest=frames:SEED` and the others below.
#include <linux/mman.h>

#include <cstring>
#include <new>

#include "arch/cpu.h"
#include "arch/memory.h"
#include "arch/per_cpu.h"
#include "core/log.h"
#include "entry/interrupt.h"
#include "lib/random.h"
#include "mm/address_space.h"
#include "mm/frames.h"
#include "mm/kernel_map.h"
#include "mm/shootdown.h"
#include "selftest/hex.h"
#include "selftest/selftest.h"
#include "sync/preempt.h"

namespace selftest {

namespace {

extern "C" {
extern const char text_begin[];
extern const char rodata_begin[];
}

// ---- frames -----------------------------------------------------------------------------------------

struct Held {
    arch::PhysAddr block;
    unsigned order;
    uint64_t mark;
};

constexpr unsigned kMostHeld = 64;

void mark(const Held& held) {
    const uint64_t words = (arch::kPageSize << held.order) / 8;
    auto* memory = arch::direct_map<uint64_t>(held.block);
    memory[0] = held.mark;
    memory[words - 1] = ~held.mark;
}

bool is_marked(const Held& held) {
    const uint64_t words = (arch::kPageSize << held.order) / 8;
    const auto* memory = arch::direct_map<uint64_t>(held.block);
    return memory[0] == held.mark && memory[words - 1] == ~held.mark;
}

// Takes and gives back blocks at random: each keeps what was written into it, and in the end as many
// frames are free as at the beginning.
uint64_t try_blocks(lib::Random random) {
    Held held[kMostHeld] = {};
    unsigned count = 0;
    uint64_t wrong = 0;
    for (unsigned round = 0; round < 4000; round++) {
        if (count < kMostHeld && random.below(2) == 0) {
            const unsigned order = static_cast<unsigned>(random.below(5));
            const auto block = mm::allocate_block(order);
            if (!block) continue;
            if (raw(*block) % (arch::kPageSize << order) != 0) wrong++;
            held[count++] = {*block, order, random.next()};
            mark(held[count - 1]);
        } else if (count > 0) {
            const uint64_t which = random.below(count);
            if (!is_marked(held[which])) wrong++;
            mm::free_block(held[which].block, held[which].order);
            held[which] = held[--count];
        }
    }
    while (count > 0) {
        if (!is_marked(held[--count])) wrong++;
        mm::free_block(held[count].block, held[count].order);
    }
    return wrong;
}

// ---- copies of address spaces -----------------------------------------------------------------------

constexpr uint64_t kPages = 64;
constexpr uint64_t kPlace = 0x400000;
const core::Limits kLimits;

uint64_t map_pages(mm::AddressSpace& space, uint64_t address, int type) {
    mm::MapRequest request;
    request.address = address;
    request.size = kPages * arch::kPageSize;
    request.protection = PROT_READ | PROT_WRITE;
    request.flags = type | MAP_ANONYMOUS | MAP_FIXED;
    return MUST(space.map(request, kLimits));
}

void put(mm::AddressSpace& space, uint64_t page, uint64_t value) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(&value);
    MUST(space.write(kPlace + page * arch::kPageSize, {bytes, sizeof(value)}, kLimits));
}

uint64_t get(mm::AddressSpace& space, uint64_t page) {
    uint64_t value = 0;
    MUST(space.read(kPlace + page * arch::kPageSize,
                    {reinterpret_cast<uint8_t*>(&value), sizeof(value)}, kLimits));
    return value;
}

// Where the host stops the machine and reads the tables that this CPU uses (grading/memory_checks.py): what
// is printed here is no proof.
[[gnu::noinline]] void show_copied_pages() { asm volatile("" : : : "memory"); }

void show_to_host(mm::AddressSpace& space) {
    const arch::InterruptGuard guard;
    space.enter();
    show_copied_pages();
    space.leave();
}

struct CloneCounts {
    uint64_t copied, wrong;
};

// Every third page is written to by the copy, every third by the original; neither sees the other's.
CloneCounts try_clone(uint64_t seed) {
    auto original = MUST(mm::AddressSpace::make(arch::kUserEnd));
    map_pages(*original, kPlace, MAP_PRIVATE);
    for (uint64_t page = 0; page < kPages; page++) put(*original, page, seed + page);
    auto copy = MUST(original->clone());
    const uint64_t before = mm::count_frames().free;
    CloneCounts counts = {};
    for (uint64_t page = 0; page < kPages; page++) {
        if (page % 3 == 0) put(*copy, page, ~seed + page);
        if (page % 3 == 1) put(*original, page, seed ^ page);
    }
    counts.copied = before - mm::count_frames().free;
    for (uint64_t page = 0; page < kPages; page++) {
        const uint64_t in_copy = page % 3 == 0 ? ~seed + page : seed + page;
        const uint64_t in_original = page % 3 == 1 ? seed ^ page : seed + page;
        if (get(*copy, page) != in_copy) counts.wrong++;
        if (get(*original, page) != in_original) counts.wrong++;
    }
    show_to_host(*original);
    show_to_host(*copy);
    return counts;
}

// ---- shootdown --------------------------------------------------------------------------------------

// The guard below the last CPU's stack: no page is mapped there, and none will be missed.
constexpr uint64_t kProbe = arch::kKernelStackArea + (arch::kMaxCpus - 1) * arch::kKernelStackSlot;

lib::Atomic<uint64_t> generation{0};  // even: the page shows that number; odd: it is being changed
lib::Atomic<uint64_t> stale{0};
lib::Atomic<uint32_t> readers{0};
lib::Atomic<uint32_t> stop{0};
lib::Atomic<uint64_t> looked_at[arch::kMaxCpus];        // the number that each CPU looked for last
lib::Atomic<uint64_t> host_words_seen[arch::kMaxCpus];  // and what it found beside it

// Where the host stops the machine: to write a word of its own beside the number in the new frame, and to
// read which word each CPU has found there (grading/test_paging.py).
[[gnu::noinline]] void host_writes_into_page(uint64_t frame) {
    asm volatile("" : : "r"(frame) : "memory");
}
[[gnu::noinline]] void host_reads_what_was_seen() { asm volatile("" : : : "memory"); }

void look_at_page() {
    const uint64_t before = generation.load(lib::Order::kAcquire);
    const auto* page = reinterpret_cast<const volatile uint64_t*>(kProbe);
    const uint64_t seen = page[0];
    const uint64_t host_word = page[1];
    const uint64_t after = generation.load(lib::Order::kAcquire);
    if (before != after || before % 2 != 0) return;
    if (seen != before) stale.fetch_add(1);
    host_words_seen[arch::this_cpu()->index].store(host_word);
    looked_at[arch::this_cpu()->index].store(before);
}

// What the other CPUs do: an interrupt brings them here on its way out.
void read_until_told() {
    if (arch::this_cpu()->index == 0 || stop.load() != 0) return;
    sync::disable_preemption();
    arch::enable_interrupts();
    readers.fetch_add(1);
    while (stop.load(lib::Order::kRelaxed) == 0) look_at_page();
    readers.fetch_add(-1u);
    arch::disable_interrupts();
    sync::enable_preemption();
}

void show(arch::PhysAddr frame, uint64_t number) {
    constexpr arch::PageAccess kReadOnly = {true, false, false, false};
    generation.store(number - 1);
    *arch::direct_map<uint64_t>(frame) = number;
    host_writes_into_page(raw(frame));
    mm::set_kernel_page(kProbe, arch::make_leaf(frame, kReadOnly));
    mm::flush_tlb_of((1u << arch::cpu_count()) - 1, kProbe, kProbe + arch::kPageSize);
    generation.store(number);
}

// Until every other CPU has looked for that number.
void await_looks(uint64_t number) {
    for (unsigned i = 1; i < arch::cpu_count(); i++) {
        while (looked_at[i].load() != number) arch::pause_cpu();
    }
}

}  // namespace

SELFTEST(frames) {
    const uint64_t before = mm::count_frames().free;
    const uint64_t wrong = try_blocks(lib::Random{hex_number(argument)});
    const uint64_t lost = before - mm::count_frames().free;
    core::log("selftest frames: wrong={} lost={}", wrong, lost);
    return wrong == 0 && lost == 0;
}

SELFTEST(clone) {
    const uint64_t before = mm::count_frames().free;
    const CloneCounts counts = try_clone(hex_number(argument));
    const uint64_t lost = before - mm::count_frames().free;
    core::log("selftest clone: copied={} wrong={} lost={}", counts.copied, counts.wrong, lost);
    return counts.wrong == 0 && lost == 0;
}

SELFTEST(shootdown) {
    const uint64_t rounds = hex_number(argument);
    const arch::PhysAddr frames[2] = {MUST(mm::allocate_frame()), MUST(mm::allocate_frame())};
    show(frames[0], 2);
    entry::set_interrupt_exit_hook(read_until_told);
    for (unsigned i = 1; i < arch::cpu_count(); i++) arch::send_ipi(arch::cpu_blocks[i]);
    while (readers.load() + 1 < arch::cpu_count()) arch::pause_cpu();
    for (uint64_t round = 2; round < rounds + 2; round++) {
        show(frames[round % 2], 2 * round);
        await_looks(2 * round);
        host_reads_what_was_seen();
    }
    stop.store(1);
    while (readers.load() != 0) arch::pause_cpu();
    mm::set_kernel_page(kProbe, arch::kNoEntry);
    core::log("selftest shootdown: rounds={} cpus={} stale={}", rounds, arch::cpu_count(),
              stale.load());
    return stale.load() == 0;
}

// Each of these must end the run by a panic that names what was done.
SELFTEST(doublefree) {
    const arch::PhysAddr frame = MUST(mm::allocate_frame());
    core::log("selftest doublefree: frame {:#x}", raw(frame));
    mm::release_frame(frame);
    mm::release_frame(frame);
    return false;
}

// A pointer that lay in memory is followed after that was freed.
SELFTEST(usefreed) {
    struct Link {
        Link* next;
        Link* volatile further;
    };
    Link* const link = new (std::nothrow) Link{nullptr, nullptr};
    core::log("selftest usefreed: object {:#x}", reinterpret_cast<uint64_t>(link));
    Link* volatile freed = link;
    delete link;
    return freed->further->next == nullptr;
}

SELFTEST(badfree) {
    const arch::PhysAddr image = arch::physical_of_image(text_begin);
    mm::release_frame(image);
    return false;
}

SELFTEST(textwrite) {
    auto* target = reinterpret_cast<volatile char*>(reinterpret_cast<uint64_t>(text_begin)) +
                   hex_number(argument) % 0x1000;
    core::log("selftest textwrite: address {:#x}", reinterpret_cast<uint64_t>(target));
    *target = 0;
    return false;
}

SELFTEST(rodatawrite) {
    auto* target = reinterpret_cast<volatile char*>(reinterpret_cast<uint64_t>(rodata_begin));
    core::log("selftest rodatawrite: address {:#x}", reinterpret_cast<uint64_t>(target));
    *target = 0;
    return false;
}

// The same text by its other address, in the direct map.
SELFTEST(aliaswrite) {
    auto* target = arch::direct_map<volatile char>(arch::physical_of_image(text_begin));
    core::log("selftest aliaswrite: address {:#x}", reinterpret_cast<uint64_t>(target));
    *target = 0;
    return false;
}

SELFTEST(dataexecute) {
    static uint64_t instructions[2] = {};
    core::log("selftest dataexecute: address {:#x}", reinterpret_cast<uint64_t>(instructions));
    reinterpret_cast<void (*)()>(instructions)();
    return false;
}

}  // namespace selftest
