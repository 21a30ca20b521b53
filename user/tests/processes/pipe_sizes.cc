// fcntl(2), F_SETPIPE_SZ; ioctl(2), FIONREAD.
#include <asm/ioctls.h>

#include "cairn/children.h"
#include "cairn/pipe.h"

static char bytes[200000];

static long waiting_bytes(int fd) {
    int count = -1;
    long result = system_call(__NR_ioctl, fd, FIONREAD, reinterpret_cast<long>(&count), 0, 0, 0);
    return result < 0 ? result : count;
}

TEST("A pipe's capacity can be changed: rounded up, never below what stands in it.") {
    int ends[2] = {-1, -1};
    CHECK(sys_pipe2(ends, O_NONBLOCK), 0);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = static_cast<char>(secret(i / 8) >> i % 8 * 8);
    CHECK(sys_write(ends[1], bytes, 50000), 50000);
    CHECK(waiting_bytes(ends[0]), 50000);
    CHECK(waiting_bytes(ends[1]), 50000);
    CHECK(sys_fcntl(ends[1], F_SETPIPE_SZ, 32768), -EBUSY);
    CHECK(sys_fcntl(ends[1], F_SETPIPE_SZ, 65537), 131072);
    CHECK(sys_fcntl(ends[0], F_GETPIPE_SZ, 0), 131072);
    CHECK(sys_write(ends[1], bytes + 50000, 45536), 45536);
    static char back[sizeof bytes];
    CHECK(sys_read(ends[0], back, sizeof back), 95536);
    uint64_t wrong = 0;
    for (size_t i = 0; i < 95536; i++) wrong += back[i] != bytes[i];
    CHECK(wrong, 0);
    CHECK(sys_fcntl(ends[0], F_SETPIPE_SZ, 1), 4096);
    CHECK(sys_write(ends[1], bytes, 50000), 4096);
    CHECK(waiting_bytes(ends[0]), 4096);
    CHECK(sys_fcntl(ends[0], F_SETPIPE_SZ, 0x80000001), -EINVAL);
    int other = static_cast<int>(open_path("/dev/null", O_RDWR));
    CHECK(sys_fcntl(other, F_GETPIPE_SZ, 0), -EBADF);
}
