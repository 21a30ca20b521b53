// mmap(2), ERRORS: EINVAL, ENOMEM, EBADF, and which of them comes first.
#include "cairn/check.h"
#include "cairn/memory.h"

static long map(uint64_t size, int flags, int fd, uint64_t offset) {
    return sys_mmap(0, size, PROT_READ, flags, fd, offset);
}

TEST("mmap refuses what makes no sense, and Linux's order decides between two reasons.") {
    CHECK(map(0, PRIVATE_ANONYMOUS, -1, 0), -EINVAL);
    CHECK(map(PAGE, MAP_ANONYMOUS, -1, 0), -EINVAL);
    CHECK(map(PAGE, 0, -1, 0), -EBADF);
    CHECK(map(PAGE, MAP_PRIVATE, -1, 0), -EBADF);
    CHECK(map(0, MAP_PRIVATE, 77, 0), -EBADF);
    CHECK(map(PAGE, MAP_PRIVATE, 77, 8), -EINVAL);
    CHECK(map(PAGE, PRIVATE_ANONYMOUS, -1, 8), -EINVAL);
    CHECK(map(0, PRIVATE_ANONYMOUS, -1, 1), -EINVAL);
    CHECK(map(~uint64_t{0}, PRIVATE_ANONYMOUS, -1, 0), -ENOMEM);
    CHECK(map(uint64_t{1} << 62, PRIVATE_ANONYMOUS, -1, 0), -ENOMEM);
    CHECK(map(uint64_t{1} << 62, MAP_ANONYMOUS, -1, 0), -ENOMEM);
    // Anonymous memory has no offset: any whole number of pages will do.
    CHECK_THAT(map(2 * PAGE, PRIVATE_ANONYMOUS, -1, uint64_t{1} << 40) > 0);
}
