// Copy-on-write over generations: each writes after it has made the next one.
#include "cairn/children.h"

static constexpr uint64_t kGenerations = 6;
static uint64_t memory;

// Every generation finds what its parent had written before the fork, changes one page of each kind,
// and is not disturbed by what its descendants change.
static uint64_t live(uint64_t generation) {
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < 8; i++) {
        uint64_t wanted = i < generation ? secret(i) : secret(99);
        wrong += *at(memory + i * PAGE) != wanted;
    }
    *at(memory + generation * PAGE) = secret(generation);
    if (generation + 1 < kGenerations) wrong += in_child([=] { return live(generation + 1); });
    for (uint64_t i = 0; i < 8; i++) {
        uint64_t wanted = i <= generation ? secret(i) : secret(99);
        wrong += *at(memory + i * PAGE) != wanted;
    }
    return wrong;
}

TEST("A page that three generations share is each one's own once it is written to.") {
    memory = map_memory(8 * PAGE);
    for (uint64_t i = 0; i < 8; i++) *at(memory + i * PAGE) = secret(99);
    CHECK(live(0), 0);
    CHECK(in_child([] { return *at(memory) ^ secret(0); }), 0);
}
