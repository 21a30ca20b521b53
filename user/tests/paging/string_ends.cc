// A path ends with its zero byte: whether anything is mapped behind that must not matter.
#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"

// A copy of the text, with its last byte at the very end of a page behind which nothing is mapped.
static const char* at_the_end(const char* text, size_t size) {
    uint64_t memory = map_memory(3 * PAGE);
    sys_munmap(memory + 2 * PAGE, PAGE);
    auto* copy = reinterpret_cast<char*>(memory + 2 * PAGE - size);
    for (size_t i = 0; i < size; i++) copy[i] = text[i];
    return copy;
}

TEST("A string may end on the last mapped byte; one that does not end there is EFAULT.") {
    CHECK_THAT(open_path(at_the_end("/dev/null", 10), O_RDONLY) >= 0);
    CHECK(open_path(at_the_end("/dev/null", 9), O_RDONLY), -EFAULT);
    CHECK(open_path(at_the_end("", 1), O_RDONLY), -ENOENT);
    CHECK(open_path(at_the_end("/", 2), O_RDWR), -EISDIR);
    // 4096 bytes without an end are ENAMETOOLONG, and nobody looks at the byte behind them.
    uint64_t memory = map_memory(4 * PAGE);
    CHECK(sys_munmap(memory + 3 * PAGE, PAGE), 0);
    auto* path = reinterpret_cast<char*>(memory);
    for (uint64_t i = 0; i < 3 * PAGE; i++) path[i] = i % 2 == 0 ? '/' : '.';
    CHECK(open_path(path, O_RDONLY), -ENAMETOOLONG);
    path[PAGE - 1] = 0;
    CHECK_THAT(open_path(path, O_RDONLY) >= 0);
    CHECK(sys_munmap(memory + PAGE, PAGE), 0);
    CHECK_THAT(open_path(path + PAGE / 2, O_RDONLY) >= 0);
    CHECK(open_path(path + 2 * PAGE, O_RDONLY), -ENAMETOOLONG);
    CHECK(open_path(path + 2 * PAGE + 1, O_RDONLY), -EFAULT);
}
