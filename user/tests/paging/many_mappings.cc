// A thousand mappings that cannot be joined, for no two neighbours have the same protection.
#include "cairn/check.h"
#include "cairn/memory.h"

static constexpr uint64_t kCount = 1000;

TEST("A thousand mappings side by side each keep their contents and their protection.") {
    uint64_t memory = map_memory(kCount * PAGE);
    for (uint64_t i = 0; i < kCount; i++) *at(memory + i * PAGE) = secret(i);
    uint64_t failures = 0, wrong = 0;
    for (uint64_t i = 0; i < kCount; i += 2)
        failures += sys_mprotect(memory + i * PAGE, PAGE, PROT_READ) != 0;
    // In a drawn order, one of a time: the neighbours must not notice.
    for (uint64_t n = 0; n < kCount; n++) {
        uint64_t i = (secret(0) % kCount + n * 7919) % kCount;
        wrong += *at(memory + i * PAGE) != secret(i);
        wrong += can_write(memory + i * PAGE) != static_cast<int>(i % 2);
        if (n % 3 == 0) failures += sys_munmap(memory + i * PAGE, PAGE) != 0;
    }
    CHECK(failures, 0);
    CHECK(wrong, 0);
    CHECK(sys_munmap(memory, kCount * PAGE), 0);
    CHECK(
        sys_mmap(memory, kCount * PAGE, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0),
        memory);
    CHECK(*at(memory + 3 * PAGE), 0);
}
