// mmap(2), MAP_PRIVATE of a file: pages show the file from the offset on; writes are this mapping's own.
#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"

static uint64_t word_of_file(int fd, uint64_t offset) {
    uint64_t word = 0;
    sys_pread(fd, &word, sizeof word, offset);
    return word;
}

TEST("A private mapping of a file shows the file and keeps what is written to itself.") {
    int fd = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    uint64_t pages = (size_of_file(fd) + PAGE - 1) / PAGE;
    uint64_t first = sys_mmap(0, pages * PAGE, READ_WRITE, MAP_PRIVATE, fd, 0);
    uint64_t second = sys_mmap(0, PAGE, READ_WRITE, MAP_PRIVATE, fd, PAGE);
    uint64_t wrong = 0;
    for (uint64_t i = 0; i + 1 < pages; i++) {
        uint64_t offset = i * PAGE + secret(i) % (PAGE / 8) * 8;
        wrong += *at(first + offset) != word_of_file(fd, offset);
    }
    CHECK(wrong, 0);
    *at(first + 8) = secret(100);  // not read before
    *at(second + 16) = *at(second + 16) ^ secret(101);
    CHECK(*at(first + 8), secret(100));
    CHECK(*at(second + 16), word_of_file(fd, PAGE + 16) ^ secret(101));
    CHECK(*at(first + PAGE + 16), word_of_file(fd, PAGE + 16));
    CHECK(*at(first), word_of_file(fd, 0));
    CHECK(word_of_file(fd, 8), *at(sys_mmap(0, PAGE, PROT_READ, MAP_PRIVATE, fd, 0) + 8));
    // The mapping needs no descriptor once it is made.
    CHECK(sys_close(fd), 0);
    CHECK(*at(first + PAGE + 24), *at(second + 24));
}
