// read(2) and write(2) with a buffer of which only the first part is mapped. What was moved before the end
// of it is counted; where nothing could be moved, the answer is EFAULT.
#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"

TEST("A read into a half-valid buffer fills what there is, and counts it.") {
    int file = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    int zero = static_cast<int>(open_path("/dev/zero", O_RDWR));
    int null = static_cast<int>(open_path("/dev/null", O_RDWR));
    uint64_t memory = map_memory(4 * PAGE);  // behind the hole is no stack that could grow
    CHECK(sys_munmap(memory + 2 * PAGE, PAGE), 0);
    auto* tail = reinterpret_cast<char*>(memory + 2 * PAGE - 100);
    char start[100];
    CHECK(sys_pread(file, start, 100, 0), 100);
    // How much of the last page Linux copies is its own affair, and more than that there is not.
    long got = sys_pread(file, tail, 200, 0);
    CHECK_THAT(got == -EFAULT || (got > 0 && got <= 100));
    uint64_t wrong = 0;
    for (long i = 0; i < got; i++) wrong += tail[i] != start[i];
    CHECK(wrong, 0);
    *at(memory + 2 * PAGE - 8) = secret(0);
    got = sys_read(zero, tail, 200);
    CHECK_THAT(got == -EFAULT || (got >= 0 && got <= 100));
    CHECK(sys_write(null, tail, 200), 200);
    CHECK(sys_pread(file, tail + 100, 8, 0), -EFAULT);
    // A page that was never touched is as good as any other.
    CHECK(sys_pread(file, reinterpret_cast<char*>(memory) + 50, PAGE, 0), PAGE);
    CHECK(*at(memory + 56) == 0, false);
    // Two whole pieces, and one that is bad: those before it count.
    iovec pieces[] = {{tail, 30}, {tail + 50, 50}, {tail + 100, 8}};
    CHECK(sys_lseek(file, 0, 0), 0);
    CHECK(sys_readv(file, pieces, 3), 80);
    CHECK(sys_lseek(file, 0, 1), 80);
}
