// A machine with 32 MiB: a gigabyte may be mapped, and eight megabytes used, as often as one likes.
#include "cairn/check.h"
#include "cairn/memory.h"

static constexpr uint64_t kUsed = 8 << 20;

TEST(
    "A program maps a gigabyte and uses eight megabytes of it, again and again, in a small "
    "machine.") {
    uint64_t wrong = 0;
    for (uint64_t round = 0; round < 6; round++) {
        uint64_t memory =
            sys_mmap(0, 1 << 30, READ_WRITE, PRIVATE_ANONYMOUS | MAP_NORESERVE, -1, 0);
        uint64_t first = memory + round * (100 << 20);
        for (uint64_t i = 0; i < kUsed / PAGE; i++) *at(first + i * PAGE) = secret(round) + i;
        for (uint64_t i = 0; i < kUsed / PAGE; i++)
            wrong += *at(first + i * PAGE) != secret(round) + i;
        wrong += sys_munmap(memory, 1 << 30) != 0;
    }
    CHECK(wrong, 0);
    VALUE(free_memory());
}
