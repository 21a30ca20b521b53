// madvise(2), MADV_DONTNEED: later accesses see zeroes, or the file's contents again.
#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"

TEST("MADV_DONTNEED drops contents: anonymous pages are zero again, file pages the file's.") {
    uint64_t memory = map_memory(6 * PAGE);
    for (uint64_t i = 0; i < 6; i++) *at(memory + i * PAGE) = secret(i);
    CHECK(sys_madvise(memory + 2 * PAGE, 2 * PAGE, MADV_DONTNEED), 0);
    CHECK(*at(memory + PAGE), secret(1));
    CHECK(*at(memory + 2 * PAGE), 0);
    CHECK(*at(memory + 3 * PAGE), 0);
    CHECK(*at(memory + 4 * PAGE), secret(4));

    int fd = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    uint64_t file = sys_mmap(0, PAGE, READ_WRITE, MAP_PRIVATE, fd, 0);
    uint64_t word = *at(file);
    *at(file) = ~word;
    CHECK(sys_madvise(file, PAGE, MADV_DONTNEED), 0);
    CHECK(*at(file), word);
    // Shared pages belong to others, too: they are kept.
    uint64_t shared = sys_mmap(0, PAGE, READ_WRITE, SHARED_ANONYMOUS, -1, 0);
    *at(shared) = secret(9);
    CHECK(sys_madvise(shared, PAGE, MADV_DONTNEED), 0);
    CHECK(*at(shared), secret(9));
}
