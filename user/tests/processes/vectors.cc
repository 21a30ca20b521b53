// readv(2) and its kin: several pieces in one call, at a position of their own.
#include <linux/fs.h>

#include "cairn/children.h"
#include "cairn/pipe.h"

static const char* const kPath = "vectors.new";
static uint64_t words[4];
static const struct iovec kAll[3] = {{words, 8}, {nullptr, 0}, {words + 2, 16}};

static long move(long number, int fd, const struct iovec* pieces, long count, long position,
                 long flags) {
    return system_call(number, fd, reinterpret_cast<long>(pieces), count, position, 0, flags);
}

static bool are(uint64_t first, uint64_t third, uint64_t fourth) {
    return words[0] == first && words[1] == 0 && words[2] == third && words[3] == fourth;
}

TEST("Vectors of pieces are moved in order, at a position of theirs if they have one.") {
    int fd = static_cast<int>(create_path(kPath, O_RDWR | O_CREAT | O_TRUNC, 0600)), ends[2];
    words[0] = secret(0), words[2] = secret(2), words[3] = secret(3);
    CHECK(sys_writev(fd, kAll, 3), 24);
    CHECK(move(__NR_pwritev, fd, kAll + 2, 1, 0, 0), 16);
    CHECK(sys_lseek(fd, 0, SEEK_CUR), 24);
    CHECK(move(__NR_preadv, fd, kAll, 3, 8, 0), 16);
    CHECK_THAT(are(secret(3), secret(3), secret(3)));
    CHECK(move(__NR_preadv2, fd, kAll, 3, 0, 0), 24);
    CHECK_THAT(are(secret(2), secret(3), secret(3)));
    CHECK(move(__NR_preadv2, fd, kAll, 3, -1, 0), 0);
    words[0] = secret(5);
    CHECK(move(__NR_pwritev2, fd, kAll, 1, -1, RWF_SYNC), 8);
    CHECK(sys_lseek(fd, -8, SEEK_CUR), 24);
    CHECK(move(__NR_preadv2, fd, kAll, 3, -1, 0), 8);
    CHECK(sys_lseek(fd, 0, SEEK_CUR), 32);
    CHECK(words[0], secret(5));
    CHECK(move(__NR_preadv2, fd, kAll, 3, 0, 0x40000000), -EOPNOTSUPP);
    CHECK(move(__NR_preadv2, fd, kAll, 3, -2, 0), -EINVAL);
    CHECK(move(__NR_preadv, fd, kAll, 3, -1, 0), -EINVAL);
    CHECK(move(__NR_preadv, fd, kAll, 1025, 0, 0), -EINVAL);
    CHECK(move(__NR_preadv, fd, kAll, 0, 0, 0), 0);
    CHECK(sys_pipe2(ends, 0), 0);
    CHECK(sys_writev(ends[1], kAll, 3), 24);
    CHECK(move(__NR_preadv, ends[0], kAll, 3, 0, 0), -ESPIPE);
    CHECK(move(__NR_pwritev, ends[1], kAll, 3, 0, 0), -ESPIPE);
    CHECK(move(__NR_preadv2, ends[0], kAll, 3, 0, 0), -ESPIPE);
    CHECK(sys_pread(ends[0], words, 8, 0), -ESPIPE);
    CHECK(move(__NR_preadv2, ends[0], kAll, 3, -1, 0), 24);
    CHECK_THAT(are(secret(5), secret(3), secret(3)));
    CHECK(system_call(__NR_sendfile, ends[1], fd, 0, 32, 0, 0), 0);
    CHECK(sys_lseek(fd, 0, SEEK_SET), 0);
    CHECK(system_call(__NR_sendfile, ends[1], fd, 0, 33, 0, 0), 32);
    CHECK(sys_readv(ends[0], kAll, 3), 24);
    CHECK_THAT(are(secret(2), secret(3), secret(3)));
    CHECK(system_call(__NR_unlinkat, AT_FDCWD, reinterpret_cast<long>(kPath), 0, 0, 0, 0), 0);
}
