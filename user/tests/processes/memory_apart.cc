// What fork(2) does to memory: each side has its own, whoever writes first; shared mappings are shared.
#include "cairn/children.h"

static uint64_t data[1024] = {1};
static uint64_t bss[1024];
static uint64_t memory, heap, common;

static volatile uint64_t* place(uint64_t i, uint64_t* stack) {
    volatile uint64_t* places[] = {data, bss, at(memory), at(memory + 9 * PAGE), at(heap), stack};
    return places[i];
}

// Each side writes to every place, and finds what it wrote, or else what there was before.
static uint64_t write_and_look(uint64_t* stack, uint64_t before, uint64_t mine) {
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < 6; i++) {
        if (*place(i, stack) != before + i) wrong++;
        *place(i, stack) = mine + i;
    }
    for (uint64_t i = 0; i < 6; i++) wrong += *place(i, stack) != mine + i;
    return wrong;
}

TEST("After fork each side sees its own writes and not the other's, but in shared mappings.") {
    memory = map_memory(10 * PAGE);
    heap = sys_brk(0);
    sys_brk(heap + PAGE);
    common = sys_mmap(0, PAGE, READ_WRITE, SHARED_ANONYMOUS, -1, 0);
    uint64_t stack = 0;
    for (uint64_t i = 0; i < 6; i++) *place(i, &stack) = secret(0) + i;
    // The child writes first, then the parent; and the other way round.
    CHECK(in_child([&] { return write_and_look(&stack, secret(0), secret(1)); }), 0);
    long child = start_child([&] {
        await(*at(common), secret(9));
        return static_cast<int>(write_and_look(&stack, secret(0), secret(3)));
    });
    CHECK(write_and_look(&stack, secret(0), secret(2)), 0);
    *at(common) = secret(9);
    CHECK(wait_for(child), exited(0));
    CHECK(write_and_look(&stack, secret(2), secret(4)), 0);
}
