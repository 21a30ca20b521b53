// madvise(2), MADV_REMOVE: "Free up a given range of pages and its associated backing store." Whoever shows
// the pages sees zeros from then on.
#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"

static constexpr uint64_t kPages = 512;

static uint64_t count_resident(uint64_t memory) {
    static unsigned char states[kPages];
    sys_mincore(memory, kPages * PAGE, states);
    uint64_t count = 0;
    for (unsigned char state : states) count += state & 1;
    return count;
}

TEST("Pages that MADV_REMOVE takes from shared memory read as zeros in every view, and are free.") {
    uint64_t one = sys_mmap(0, kPages * PAGE, READ_WRITE, SHARED_ANONYMOUS, -1, 0);
    uint64_t other = sys_mremap(one, 0, kPages * PAGE, MREMAP_MAYMOVE, 0);
    for (uint64_t i = 0; i < kPages; i++) *at(one + i * PAGE) = secret(i);
    CHECK(*at(other + PAGE), secret(1));
    CHECK(*at(other + 3 * PAGE), secret(3));
    CHECK(sys_madvise(one + PAGE, 2 * PAGE, MADV_REMOVE), 0);
    CHECK(*at(one + PAGE), 0);
    CHECK(*at(other + PAGE), 0);
    CHECK(*at(other + 2 * PAGE), 0);
    CHECK(*at(one), secret(0));
    CHECK(*at(other + 3 * PAGE), secret(3));
    // It is one page still.
    *at(other + PAGE) = secret(4);
    CHECK(*at(one + PAGE), secret(4));
    CHECK(can_write(one + 2 * PAGE), 1);
    CHECK_THAT(*at(other + 3 * PAGE - 8) != 0);  // what the kernel has written there
    CHECK(count_resident(other), kPages);
    CHECK(sys_madvise(one, kPages * PAGE, MADV_REMOVE), 0);
    CHECK(count_resident(other), 0);
    CHECK(*at(other + (kPages - 1) * PAGE), 0);
    // /dev/zero, mapped by several, is such memory, too.
    int zero = static_cast<int>(open_path("/dev/zero", O_RDWR));
    one = sys_mmap(0, 2 * PAGE, READ_WRITE, MAP_SHARED, zero, 0);
    other = sys_mremap(one, 0, 2 * PAGE, MREMAP_MAYMOVE, 0);
    *at(one + PAGE) = secret(5);
    CHECK(*at(other + PAGE), secret(5));
    CHECK(sys_madvise(other, 2 * PAGE, MADV_REMOVE), 0);
    CHECK(*at(one + PAGE), 0);
    // Private memory has nothing behind it, and a private view of a file may not take the file's pages.
    CHECK(sys_madvise(map_memory(PAGE), PAGE, MADV_REMOVE), -EINVAL);
    CHECK(sys_munmap(other, PAGE), 0);
    CHECK(sys_madvise(other, 2 * PAGE, MADV_REMOVE), -ENOMEM);
    CHECK(sys_madvise(one + 1, PAGE, MADV_REMOVE), -EINVAL);
}
