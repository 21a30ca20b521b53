// A mapping that is split keeps for each part the offset in the file that belongs to it.
#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"

TEST("Parts of a split file mapping still show their own part of the file.") {
    int fd = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    uint64_t pages = size_of_file(fd) / PAGE;  // whole ones
    uint64_t memory = sys_mmap(0, pages * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
    // Nothing has been touched: what is shown comes from the file after the splits.
    CHECK(sys_mprotect(memory + PAGE, PAGE, READ_WRITE), 0);
    CHECK(sys_munmap(memory, PAGE), 0);
    uint64_t wrong = 0;
    for (uint64_t i = 1; i < pages; i++) {
        uint64_t place = i * PAGE + secret(i) % (PAGE / 8) * 8, word = 0;
        sys_pread(fd, &word, sizeof word, place);
        wrong += *at(memory + place) != word;
    }
    CHECK(wrong, 0);
    CHECK(sys_mprotect(memory + PAGE, PAGE, PROT_READ), 0);
    uint64_t moved =
        sys_mremap(memory + 2 * PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, memory);
    CHECK(moved, memory);
    uint64_t word = 0;
    CHECK(sys_pread(fd, &word, sizeof word, 2 * PAGE + 48), 8);
    CHECK(*at(memory + 48), word);
}
