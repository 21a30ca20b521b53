// What the parent writes right after fork, with what its CPU still knows of the page, again and again.
#include "cairn/children.h"

TEST("What the parent writes right after fork does not reach the child.") {
    constexpr uint64_t kRounds = 50;
    volatile uint64_t* page = at(map_memory(PAGE));
    volatile uint64_t* round = shared<volatile uint64_t>();
    uint64_t wrong = 0;
    for (uint64_t i = 1; i <= kRounds; i++) {
        *page = secret(2 * i);
        long child = start_child([&] {
            await(*round, i);
            return *page != secret(2 * i);
        });
        *page = secret(2 * i + 1);
        *round = i;
        wrong += differs("child", wait_for(child), exited(0));
    }
    CHECK(wrong, 0);
}
