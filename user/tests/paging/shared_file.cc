// mmap(2), MAP_SHARED of a file that is open for reading: it can be read, and never be made writable.
#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"

TEST("A shared mapping of a file that is open for reading only cannot be written to.") {
    int fd = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    uint64_t shared = sys_mmap(0, PAGE, PROT_READ, MAP_SHARED, fd, PAGE);
    uint64_t word = 0;
    sys_pread(fd, &word, sizeof word, PAGE + 40);
    CHECK(*at(shared + 40), word);
    CHECK(can_write(shared), 0);
    CHECK(sys_mprotect(shared, PAGE, READ_WRITE), -EACCES);
    CHECK(sys_mmap(0, PAGE, READ_WRITE, MAP_SHARED, fd, 0), -EACCES);
    CHECK(sys_mmap(0, PAGE, PROT_WRITE, MAP_SHARED, fd, 0), -EACCES);
    CHECK(sys_mprotect(shared, PAGE, PROT_NONE), 0);
    CHECK(can_read(shared), 0);
    CHECK(sys_mprotect(shared, PAGE, PROT_READ), 0);
    CHECK(*at(shared + 40), word);
    // Of a private mapping nobody else sees the writes.
    CHECK_THAT(sys_mmap(0, PAGE, READ_WRITE, MAP_PRIVATE, fd, 0) > 0);
}
