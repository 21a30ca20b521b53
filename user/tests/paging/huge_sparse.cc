// A mapping costs what is touched of it, not what it spans. MAP_NORESERVE: Linux need not promise memory
// for all of it. The host compares the free memory before and after.
#include "cairn/check.h"
#include "cairn/memory.h"

static constexpr uint64_t kSize = uint64_t{64} << 30;
static constexpr uint64_t kTouched = 16;

TEST("Sixty-four gigabytes can be mapped; only touched pages and their tables take memory.") {
    VALUE(free_memory());
    uint64_t memory = sys_mmap(0, kSize, READ_WRITE, PRIVATE_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(memory % PAGE, 0);
    VALUE(free_memory());
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < kTouched; i++) {
        uint64_t place = memory + i * (kSize / kTouched) + secret(i) % (kSize / kTouched) / 8 * 8;
        wrong += *at(place) != 0;
        *at(place) = secret(i);
        wrong += *at(place) != secret(i);
    }
    CHECK(wrong, 0);
    VALUE(free_memory());
    CHECK(sys_munmap(memory, kSize), 0);
    VALUE(free_memory());
}
