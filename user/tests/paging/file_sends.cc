// sendfile(2): from a file to a descriptor, without passing through the program.
#include <linux/fs.h>

#include "cairn/check.h"
#include "cairn/files.h"

static long send(int out, int in, int64_t* offset, size_t count) {
    return system_call(__NR_sendfile, out, in, (long)offset, (long)count, 0, 0);
}

TEST("sendfile sends what there is, from an offset or from the file's own position.") {
    const int in = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    const int out = static_cast<int>(open_path("/dev/null", O_WRONLY));
    const long size = size_of_file(in);
    CHECK(send(out, in, nullptr, 5000), 5000);
    CHECK(sys_lseek(in, 0, SEEK_CUR), 5000);
    int64_t offset = 100;
    CHECK(send(out, in, &offset, 50), 50);
    CHECK(offset, 150);
    CHECK(sys_lseek(in, 0, SEEK_CUR), 5000);
    CHECK(send(out, in, nullptr, size_t{1} << 40), size - 5000);
    CHECK(send(out, in, nullptr, 10), 0);
    CHECK(send(in, in, nullptr, 10), -EBADF);
    CHECK(send(out, out, nullptr, 10), -EBADF);
    CHECK(send(out, in, reinterpret_cast<int64_t*>(8), 10), -EFAULT);
    CHECK(send(out, in, nullptr, ~size_t{0} >> 1), -EINVAL);  // ends behind all files
    CHECK(send(out, in, nullptr, ~size_t{0}), -EINVAL);
    offset = -1;
    CHECK(send(out, in, &offset, 10), -EINVAL);
}
