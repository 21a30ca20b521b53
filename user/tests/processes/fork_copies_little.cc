// What a fork costs while nobody writes: page tables, no pages. The host looks at the numbers.
#include "cairn/children.h"
#include "cairn/pipe.h"

static constexpr uint64_t kSize = 8 << 20;

TEST(
    "A fork copies page tables and no memory; pages are copied one by one as they are written "
    "to.") {
    uint64_t memory = map_memory(kSize);
    for (uint64_t i = 0; i < kSize; i += PAGE) *at(memory + i) = secret(0) + i;
    int go[2] = {-1, -1}, said[2] = {-1, -1};
    CHECK(sys_pipe2(go, 0) + sys_pipe2(said, 0), 0);
    VALUE(free_memory());
    long child = start_child([&] {
        put_word(said[1], 1);
        take_word(go[0], 0);
        for (uint64_t i = 0; i < kSize / 2; i += PAGE) *at(memory + i) = i;
        put_word(said[1], 2);
        take_word(go[0], 0);
        return *at(memory + kSize - PAGE) == secret(0) + kSize - PAGE;
    });
    CHECK(take_word(said[0], 0), 1);
    VALUE(free_memory());
    put_word(go[1], 1);
    CHECK(take_word(said[0], 0), 2);
    VALUE(free_memory());
    put_word(go[1], 1);
    CHECK(wait_for(child), exited(1));
    VALUE(free_memory());
    // The last one to have a page need not copy it.
    for (uint64_t i = 0; i < kSize; i += PAGE) *at(memory + i) = i;
    VALUE(free_memory());
}
