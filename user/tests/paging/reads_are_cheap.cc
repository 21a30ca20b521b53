// Reading takes no memory: a page that was only read shows a frame that others show, too, of zeroes or of
// the file. The host compares the free memory.
#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"

static constexpr uint64_t kPages = 256;

static uint64_t read_all(uint64_t memory, uint64_t pages) {
    uint64_t sum = 0;
    for (uint64_t i = 0; i < pages; i++) sum += *at(memory + i * PAGE + secret(0) % 512 * 8);
    return sum;
}

TEST("Pages that are only read share one frame of zeroes, or show the file's own.") {
    int fd = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    uint64_t pages = size_of_file(fd) / PAGE;
    uint64_t first = sys_mmap(0, pages * PAGE, READ_WRITE, MAP_PRIVATE, fd, 0);
    uint64_t sum = read_all(first, pages);  // now the file is in memory
    uint64_t memory = map_memory(kPages * PAGE);
    VALUE(free_memory());
    CHECK(read_all(memory, kPages), 0);
    for (uint64_t i = 0; i < 8; i++) {
        uint64_t again = sys_mmap(0, pages * PAGE, READ_WRITE, MAP_PRIVATE, fd, 0);
        sum -= read_all(again, pages);
        sum += read_all(first, pages);
    }
    VALUE(free_memory());
    CHECK(sum, read_all(first, pages));
    VALUE(pages);
}
