// Self-tests of page tables: `selftest=walk:SEED`, `unmap:SEED` and `pages:SEED`. Each counts what is
// wrong and whether a frame was lost.
#include <linux/mman.h>

#include <cstring>
#include <utility>

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/log.h"
#include "core/thread.h"
#include "lib/checked.h"
#include "lib/random.h"
#include "mm/address_space.h"
#include "mm/frames.h"
#include "mm/page_table.h"
#include "mm/shared_memory.h"
#include "selftest/hex.h"
#include "selftest/selftest.h"
#include "task/door.h"

namespace selftest {

namespace {

constexpr unsigned kPages = 40;
constexpr arch::PageAccess kUserReadWrite = {true, true, false, true};

// User pages at distances that share tables of every level, or none.
struct Places {
    explicit Places(lib::Random& random) {
        for (unsigned i = 0; i < kPages; i++) {
            const uint64_t span = arch::bytes_of_entry(i % arch::kPageTableLevels) * 64;
            const uint64_t reach = span < arch::kUserEnd ? span : arch::kUserEnd;
            do {
                pages[i] = lib::align_down(random.below(reach), arch::kPageSize);
            } while (is_taken(i));
        }
    }
    bool is_taken(unsigned last) const {
        for (unsigned i = 0; i < last; i++) {
            if (pages[i] == pages[last]) return true;
        }
        return false;
    }
    uint64_t pages[kPages];
};

// Whether the tables are right, the host finds out (selftest_tables_ready); here: that asking twice gives
// the same answer, and that nothing is made which is there.
uint64_t try_walk(mm::PageTable& table, const Places& places) {
    uint64_t wrong = 0;
    for (const uint64_t page : places.pages) {
        const arch::Pte* before = table.find(page);
        const auto entry = table.find_or_make(page);
        if (!entry || **entry != arch::kNoEntry) wrong++;
        if (before != nullptr && before != *entry) wrong++;
        const uint64_t free = mm::count_frames().free;
        if (table.find(page) != *entry || *table.find_or_make(page) != *entry) wrong++;
        if (mm::count_frames().free != free) wrong++;
    }
    return wrong;
}

// The next frames that are given out hold something: a table must be emptied before it is one.
void soil_frames() {
    arch::PhysAddr frames[2 * kPages];
    for (arch::PhysAddr& frame : frames) {
        frame = MUST(mm::allocate_frame());
        memset(arch::direct_map(frame), 0xff, arch::kPageSize);
    }
    for (const arch::PhysAddr frame : frames) mm::release_frame(frame);
}

void map_all(mm::PageTable& table, const Places& places) {
    for (const uint64_t page : places.pages) {
        mm::set_entry(MUST(table.find_or_make(page)),
                      arch::make_leaf(MUST(mm::allocate_frame()), kUserReadWrite));
    }
}

bool is_mapped(const mm::PageTable& table, uint64_t page) {
    const arch::Pte* entry = table.find(page);
    return entry != nullptr && *entry != arch::kNoEntry;
}

// Where the host stops the machine, to walk the tables itself (grading/test_paging.py): what the kernel
// says of its own tables is no proof.
extern "C" [[gnu::noinline]] void selftest_tables_ready(arch::PhysAddr root) {
    asm volatile("" : : "r"(root) : "memory");
}

// Unmaps around one page after another: it goes, all others stay.
uint64_t try_unmap(mm::PageTable& table, const Places& places, lib::Random& random) {
    const lib::Atomic<mm::CpuSet> no_cpus{0};
    uint64_t wrong = 0;
    bool gone[kPages] = {};
    for (unsigned i = 0; i < kPages; i++) {
        if (i == kPages / 2) selftest_tables_ready(table.root());
        const uint64_t before = random.below(3) * arch::kPageSize;
        const uint64_t begin = places.pages[i] > before ? places.pages[i] - before : 0;
        const uint64_t end = places.pages[i] + (1 + random.below(3)) * arch::kPageSize;
        mm::Unmapped frames(no_cpus);
        table.unmap(begin, end < arch::kUserEnd ? end : arch::kUserEnd, frames);
        for (unsigned j = 0; j < kPages; j++) {
            if (places.pages[j] >= begin && places.pages[j] < end) gone[j] = true;
            if (is_mapped(table, places.pages[j]) == gone[j]) wrong++;
        }
    }
    return wrong;
}

// ---- which frame a page shows -----------------------------------------------------------------------

constexpr uint64_t kPlace = 0x800000;
const core::Limits kLimits;

void map_at(mm::AddressSpace& space, uint64_t address, uint64_t pages, int type,
            RefPtr<mm::PageSource> source, uint64_t offset) {
    mm::MapRequest request;
    request.address = address;
    request.size = pages * arch::kPageSize;
    request.protection = PROT_READ | PROT_WRITE;
    request.flags = type | MAP_FIXED;
    request.source = source;
    request.offset = offset;
    static_cast<void>(MUST(space.map(request, kLimits)));
}

void put(mm::AddressSpace& space, uint64_t address, uint64_t value) {
    MUST(space.fill(address, {reinterpret_cast<const std::byte*>(&value), sizeof(value)}));
}

uint64_t* word_of(RefPtr<mm::PageSource>& source, uint64_t index) {
    const arch::PhysAddr frame = MUST(source->page(index));
    mm::release_frame(frame);  // the source keeps it
    return arch::direct_map<uint64_t>(frame);
}

// Every allocation that a write makes fails once: it must be told, and no reference be left over or lost.
uint64_t try_without_memory(core::Thread& thread, mm::AddressSpace& space, uint64_t address) {
    constexpr uint64_t kMostAllocations = 8;
    const std::byte byte{1};
    // Allocations fail by the thread that runs. No timer ticks yet: nobody else asks who that is.
    core::Thread* before = std::exchange(arch::this_cpu()->running, &thread);
    bool is_written = false;
    uint64_t failures = 0, wrong = 0;
    while (!is_written && failures < kMostAllocations) {
        thread.memory.fail_nth = ++failures;
        const uint64_t of_zeros = mm::frame_references(mm::zero_frame());
        is_written = space.fill(address, {&byte, 1}).has_value();
        if (!is_written && mm::frame_references(mm::zero_frame()) != of_zeros) wrong++;
    }
    if (!is_written || failures == 1) wrong++;  // it takes one at least
    thread.memory.fail_nth = 0;
    arch::this_cpu()->running = before;
    return wrong;
}

// Private pages of a source and of nothing: the first of an area, which needs tables too, one whose
// tables are there, and those that a copy of the address space shares.
uint64_t try_failing_copies(core::Thread& thread, uint64_t seed) {
    constexpr uint64_t kPagesEach = 2;
    auto source = MUST(mm::make_shared_memory(kPagesEach));
    for (uint64_t i = 0; i < kPagesEach; i++) *word_of(source, i) = seed + i;
    auto space = MUST(mm::AddressSpace::make(arch::kUserEnd));
    const uint64_t secret = kPlace, own = kPlace + 16 * arch::kPageSize;
    map_at(*space, secret, kPagesEach, MAP_PRIVATE, source, 0);
    map_at(*space, own, kPagesEach, MAP_PRIVATE | MAP_ANONYMOUS, {}, 0);
    uint64_t wrong = 0;
    for (const uint64_t area : {secret, own}) {
        wrong += try_without_memory(thread, *space, area);
        wrong += try_without_memory(thread, *space, area + arch::kPageSize);
    }
    for (uint64_t i = 0; i < kPagesEach; i++) {
        const arch::PhysAddr frame = MUST(source->page(i));
        mm::release_frame(frame);
        if (mm::frame_references(frame) != 1) wrong++;  // the source's own, all others have copies
        if (*word_of(source, i) != seed + i) wrong++;
    }
    auto copy = MUST(space->clone());
    for (const uint64_t area : {secret, own}) wrong += try_without_memory(thread, *copy, area);
    return wrong;
}

// Where the host stops the machine once more, to look at the pages themselves, as this CPU sees them.
extern "C" [[gnu::noinline]] void selftest_pages_ready() { asm volatile("" : : : "memory"); }

void show_to_host(mm::AddressSpace& space) {
    const arch::InterruptGuard guard;
    space.enter();
    selftest_pages_ready();
    space.leave();
}

// The source's page 2 is shown shared by one mapping and private by another; a copy of the address
// space writes as well. Everybody sees what they should.
uint64_t try_pages(uint64_t seed) {
    auto source = MUST(mm::make_shared_memory(4));
    for (uint64_t i = 0; i < 4; i++) *word_of(source, i) = seed + i;
    auto space = MUST(mm::AddressSpace::make(arch::kUserEnd));
    const uint64_t shared = kPlace, secret = kPlace + 16 * arch::kPageSize;
    const uint64_t own = kPlace + 32 * arch::kPageSize;
    map_at(*space, shared, 2, MAP_SHARED, source, arch::kPageSize);
    map_at(*space, secret, 2, MAP_PRIVATE, source, arch::kPageSize);
    map_at(*space, own, 2, MAP_PRIVATE | MAP_ANONYMOUS, {}, 0);
    uint64_t wrong = 0;
    put(*space, secret + arch::kPageSize + 8, 1);
    if (word_of(source, 2)[1] != 0) wrong++;  // a private write stays private
    put(*space, shared + arch::kPageSize + 8, 2);
    if (word_of(source, 2)[1] != 2) wrong++;  // a shared one does not
    put(*space, own + 8, 3);
    auto copy = MUST(space->clone());
    put(*copy, own, 4);
    put(*copy, shared + 8, 5);
    if (word_of(source, 1)[1] != 5) wrong++;
    const uint64_t free = mm::count_frames().free;
    put(*copy, own, 6);  // its own by now: no further copy
    put(*space, secret + arch::kPageSize, 7);
    if (mm::count_frames().free + 1 != free) wrong++;  // one copy, for the page that `copy` shares
    if (word_of(source, 2)[0] != seed + 2) wrong++;
    show_to_host(*space);
    return wrong;
}

bool report(const char* name, uint64_t wrong, uint64_t free_before) {
    const uint64_t lost = free_before - mm::count_frames().free;
    core::log("selftest {}: wrong={} lost={}", name, wrong, lost);
    return wrong == 0 && lost == 0;
}

}  // namespace

// Its tables are given back by unmap, which is the next room: frames are not compared.
SELFTEST(walk) {
    lib::Random random{hex_number(argument)};
    mm::PageTable table = MUST(mm::PageTable::make());
    const Places places(random);
    soil_frames();
    const uint64_t wrong = try_walk(table, places);
    map_all(table, places);
    selftest_tables_ready(table.root());
    return report("walk", wrong, mm::count_frames().free);
}

SELFTEST(unmap) {
    const uint64_t before = mm::count_frames().free;
    lib::Random random{hex_number(argument)};
    mm::PageTable table = MUST(mm::PageTable::make());
    const Places places(random);
    map_all(table, places);
    selftest_tables_ready(table.root());
    const uint64_t wrong = try_unmap(table, places, random);
    table.destroy();
    return report("unmap", wrong, before);
}

SELFTEST(pages) {
    core::Thread& thread = task::first_thread();
    const uint64_t before = mm::count_frames().free;
    uint64_t wrong = try_pages(hex_number(argument));
    wrong += try_failing_copies(thread, hex_number(argument));
    return report("pages", wrong, before);
}

}  // namespace selftest
