// The kernel writes to user memory like the program does: to pages that were never touched, and to pages
// that must be copied first.
#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"

TEST("A system call that writes touches fresh pages and copies private ones, like the program.") {
    int fd = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    uint64_t mine = sys_mmap(0, 2 * PAGE, READ_WRITE, MAP_PRIVATE, fd, 0);
    uint64_t theirs = sys_mmap(0, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
    uint64_t before = *at(theirs + PAGE - 8);
    // From the middle of the file to the start of this mapping, across the border of two pages.
    CHECK(sys_pread(fd, reinterpret_cast<void*>(mine + PAGE - 8), 16, 64), 16);
    CHECK(*at(mine + PAGE - 8), *at(theirs + 64));
    CHECK(*at(mine + PAGE), *at(theirs + 72));
    CHECK(*at(theirs + PAGE - 8), before);
    uint64_t word = 0;
    CHECK(sys_pread(fd, &word, 8, PAGE - 8), 8);
    CHECK(word, before);
    // Into pages of zeroes that were only read so far, and into pages that nobody has seen.
    uint64_t fresh = map_memory(3 * PAGE);
    CHECK(*at(fresh + PAGE), 0);
    CHECK(sys_pread(fd, reinterpret_cast<void*>(fresh + 8), 2 * PAGE, 0), 2 * PAGE);
    CHECK(*at(fresh + 8), *at(theirs));
    CHECK(*at(fresh + PAGE + 8), *at(theirs + PAGE));
    CHECK(*at(map_memory(PAGE) + 8), 0);
}
