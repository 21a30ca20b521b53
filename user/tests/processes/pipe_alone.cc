// What a pipe promises though one process has both ends (pipe(7)): order, capacity, whole writes, the end.
#include <linux/fs.h>

#include "cairn/children.h"
#include "cairn/pipe.h"

static char bytes[70000];

TEST("A pipe keeps bytes in order, says when it is full or empty, and writes small pieces whole.") {
    int ends[2] = {-1, -1};
    CHECK(sys_pipe2(ends, O_NONBLOCK), 0);
    CHECK(sys_read(ends[0], bytes, 1), -EAGAIN);
    CHECK(sys_read(ends[1], bytes, 1), -EBADF);
    CHECK(sys_write(ends[0], bytes, 1), -EBADF);
    CHECK(sys_lseek(ends[0], 0, SEEK_CUR), -ESPIPE);
    CHECK(sys_fcntl(ends[0], F_GETPIPE_SZ, 0), 65536);
    CHECK(sys_write(ends[1], bytes, sizeof bytes), 65536);
    CHECK(sys_write(ends[1], bytes, 1), -EAGAIN);
    CHECK(sys_read(ends[0], bytes, 8192), 8192);
    CHECK(sys_write(ends[1], bytes, 4096), 4096);
    CHECK(sys_write(ends[1], bytes, 4000), 4000);
    CHECK(sys_write(ends[1], bytes, 4096), -EAGAIN);
    CHECK(sys_read(ends[0], bytes, sizeof bytes), 65536 - 8192 + 8096);
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < 3000; i++) {
        put_word(ends[1], secret(0) + i);
        if (i >= 100) wrong += take_word(ends[0], 0) != secret(0) + i - 100;
    }
    CHECK(wrong, 0);
    CHECK(sys_close(ends[1]), 0);
    CHECK(sys_read(ends[0], bytes, sizeof bytes), 800);
    CHECK(sys_read(ends[0], bytes, sizeof bytes), 0);
    CHECK(sys_pipe2(ends, O_DIRECTORY), -EINVAL);
    CHECK(sys_pipe2(reinterpret_cast<int*>(8), 0), -EFAULT);
}
