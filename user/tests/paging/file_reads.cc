// read(2), pread(2), readv(2), lseek(2): a program knows one file well, the one that it came from.
#include <linux/fs.h>

#include "cairn/check.h"
#include "cairn/files.h"

extern const unsigned char __ehdr_start[];

static bool same(const unsigned char* bytes, long offset, long size) {
    for (long i = 0; i < size; i++) {
        if (bytes[i] != __ehdr_start[offset + i]) return false;
    }
    return true;
}

TEST("Reading gives the bytes of the file, moves the position by as many, and ends at its end.") {
    static unsigned char bytes[5000];
    const int fd = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    CHECK_THAT(fd >= 0);
    const long size = size_of_file(fd);
    CHECK(sys_read(fd, bytes, 64), 64);
    CHECK_THAT(same(bytes, 0, 64));
    CHECK(sys_lseek(fd, 0, SEEK_CUR), 64);
    const long offset = static_cast<long>(secret(0) % 4000);
    CHECK(sys_pread(fd, bytes, 200, offset), 200);
    CHECK_THAT(same(bytes, offset, 200));
    CHECK(sys_lseek(fd, 0, SEEK_CUR), 64);
    struct iovec pieces[] = {{bytes + 10, 7}, {bytes, 0}, {bytes + 100, 30}};
    CHECK(sys_readv(fd, pieces, 3), 37);
    CHECK_THAT(same(bytes + 10, 64, 7) && same(bytes + 100, 71, 30));
    CHECK(sys_lseek(fd, -3, SEEK_END), size - 3);
    CHECK(sys_read(fd, bytes, 100), 3);
    CHECK(sys_read(fd, bytes, 100), 0);
    CHECK(sys_lseek(fd, 1000, SEEK_END), size + 1000);
    CHECK(sys_read(fd, bytes, 100), 0);
    CHECK(sys_lseek(fd, -1, SEEK_SET), -EINVAL);
    CHECK(sys_lseek(fd, 0, 99), -EINVAL);
    CHECK(sys_pread(fd, bytes, 1, ~uint64_t{0}), -EINVAL);
    CHECK(sys_write(fd, bytes, 1), -EBADF);
}
