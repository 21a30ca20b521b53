// getrlimit(2), RLIMIT_DATA: "This limit affects calls to brk(2), sbrk(2), and (since Linux 4.7) mmap(2)".
#include "cairn/check.h"
#include "cairn/memory.h"

TEST("RLIMIT_DATA bounds memory that is private and writable, and nothing else.") {
    constexpr uint64_t kMany = 64 << 20;
    const uint64_t read_only = sys_mmap(0, kMany, PROT_READ, PRIVATE_ANONYMOUS, -1, 0);
    CHECK(read_only % PAGE, 0);
    CHECK(limit_to(RLIMIT_DATA, 16 << 20), 0);
    CHECK(map_memory(kMany), -ENOMEM);
    CHECK(sys_mprotect(read_only, kMany, PROT_READ | PROT_WRITE), -ENOMEM);
    CHECK(sys_mprotect(read_only, PAGE, PROT_READ | PROT_WRITE), 0);
    *at(read_only) = secret(0);
    const uint64_t shared =
        sys_mmap(0, kMany, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared % PAGE, 0);
    const uint64_t some = map_memory(4 << 20);
    CHECK(some % PAGE, 0);
    CHECK(sys_mremap(some, 4 << 20, kMany, MREMAP_MAYMOVE, 0), -ENOMEM);
    CHECK(*at(read_only), secret(0));
}
