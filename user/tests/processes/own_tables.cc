// Two processes at the same addresses. The host stops each at its label and walks its page tables.
#include "cairn/children.h"

static uint64_t memory;

extern "C" {
__attribute__((noinline)) void stop_child(uint64_t place) { __asm__ volatile("" : : "r"(place)); }
__attribute__((noinline)) void stop_parent(uint64_t place) { __asm__ volatile("" : : "r"(place)); }
}

// Pages 0 and 1 are written to by the child, 2 by the parent, 3 by both, 4 and 5 by nobody after the fork.
TEST(
    "A child has page tables of its own: it shares frames that neither has written to, and no "
    "others.") {
    memory = map_memory(6 * PAGE);
    for (uint64_t i = 0; i < 6; i++) *at(memory + i * PAGE) = secret(i);
    auto* turn = shared<volatile uint64_t>();
    long child = start_child([=] {
        for (uint64_t i : (uint64_t[]){0, 1, 3}) *at(memory + i * PAGE) = secret(10 + i);
        *turn = secret(30);
        await(*turn, secret(31));
        stop_child(memory);
        *turn = secret(32);
        await(*turn, secret(33));
        return 5;
    });
    await(*turn, secret(30));
    for (uint64_t i : (uint64_t[]){2, 3}) *at(memory + i * PAGE) = secret(20 + i);
    stop_parent(memory);
    *turn = secret(31);
    await(*turn, secret(32));
    CHECK(*at(memory + 3 * PAGE), secret(23));
    *turn = secret(33);
    CHECK(wait_for(child), exited(5));
}
