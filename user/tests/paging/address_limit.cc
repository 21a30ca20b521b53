// getrlimit(2), RLIMIT_AS: "This limit affects calls to brk(2), mmap(2), and mremap(2), which fail with
// the error ENOMEM upon exceeding this limit."
#include "cairn/check.h"
#include "cairn/memory.h"

TEST("Over RLIMIT_AS nothing is mapped, and what was there stays as it was.") {
    uint64_t memory = map_memory(4 * PAGE);
    for (uint64_t i = 0; i < 4; i++) *at(memory + i * PAGE) = secret(i);
    uint64_t end = sys_brk(0);
    CHECK(limit_to(RLIMIT_AS, 64 << 20), 0);
    CHECK(map_memory(64 << 20), -ENOMEM);
    CHECK(sys_mremap(memory, 4 * PAGE, 64 << 20, MREMAP_MAYMOVE, 0), -ENOMEM);
    CHECK(sys_brk(end + (64 << 20)), end);
    CHECK(sys_mmap(memory, 64 << 20, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0), -ENOMEM);
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < 4; i++) wrong += *at(memory + i * PAGE) != secret(i);
    CHECK(wrong, 0);
    CHECK(map_memory(~uint64_t{0}), -ENOMEM);
    CHECK(map_memory(0), -EINVAL);
    uint64_t some = map_memory(16 << 20);
    CHECK(some % PAGE, 0);
    CHECK(map_memory(48 << 20), -ENOMEM);
    CHECK(sys_munmap(some, 16 << 20), 0);
    CHECK_THAT(map_memory(40 << 20) > 0);
}
