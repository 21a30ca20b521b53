// Ten thousand times: map, touch, change, unmap. The host compares the free memory before and after.
#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"

static uint64_t failures;

static void one_round(uint64_t round, int file) {
    uint64_t memory = map_memory(6 * PAGE);
    *at(memory + round % 6 * PAGE) = round;
    *at(memory + 3 * PAGE) = round;
    failures += sys_mprotect(memory + 2 * PAGE, PAGE, PROT_READ) != 0;
    failures += sys_munmap(memory + PAGE, PAGE) != 0;
    if (round % 16 == 0) {
        uint64_t mapped =
            sys_mmap(memory + PAGE, PAGE, READ_WRITE, MAP_PRIVATE | MAP_FIXED, file, 0);
        failures += mapped != memory + PAGE;
        *at(mapped) = round;
        uint64_t moved = sys_mremap(memory + 3 * PAGE, PAGE, 9 * PAGE, MREMAP_MAYMOVE, 0);
        failures += *at(moved) != round;
        failures += sys_munmap(moved, 9 * PAGE) != 0;
        uint64_t end = sys_brk(0);
        *at(sys_brk(end + 2 * PAGE) - 8) = round;
        failures += sys_brk(end) != end;
    }
    failures += sys_munmap(memory, 6 * PAGE) != 0;
}

TEST("After ten thousand rounds of mapping and unmapping as much memory is free as before.") {
    int file = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    for (uint64_t i = 0; i < 32; i++) one_round(i, file);
    VALUE(free_memory());
    for (uint64_t i = 0; i < argument_number(1, 10'000); i++) one_round(i, file);
    VALUE(free_memory());
    CHECK(failures, 0);
}
