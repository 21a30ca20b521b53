// pipe(7): what goes through a pipe in one piece goes whole or not at all, also if the buffer of read(2) or
// write(2) ends before it: EFAULT, and nothing has moved. (A file moves what there is.)
#include <asm/ioctls.h>

#include "cairn/children.h"
#include "cairn/pipe.h"

static char bytes[3 * 4096], back[sizeof bytes];

static long waiting_bytes(int fd) {
    int count = -1;
    long result = system_call(__NR_ioctl, fd, FIONREAD, reinterpret_cast<long>(&count), 0, 0, 0);
    return result < 0 ? result : count;
}

TEST("A buffer of which a part is bad moves nothing through a pipe, and is answered by EFAULT.") {
    int ends[2] = {-1, -1};
    CHECK(sys_pipe2(ends, O_NONBLOCK), 0);
    int in = ends[1], out = ends[0];
    uint64_t memory = map_memory(4 * PAGE);
    CHECK(sys_munmap(memory + 3 * PAGE, PAGE), 0);
    auto* tail = reinterpret_cast<char*>(memory + 3 * PAGE - 100);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = static_cast<char>(secret(i / 8) >> i % 8 * 8);
    CHECK(sys_write(in, tail, 101), -EFAULT);
    CHECK(waiting_bytes(out), 0);
    CHECK(sys_write(in, bytes, 200), 200);
    CHECK(sys_write(in, tail, 101), -EFAULT);
    CHECK(waiting_bytes(out), 200);
    CHECK(sys_read(out, tail, 150), -EFAULT);
    CHECK(waiting_bytes(out), 200);
    CHECK(sys_read(out, tail, 100), 100);
    CHECK(tail[0] == bytes[0] && tail[99] == bytes[99], true);
    iovec pieces[] = {{back, 50}, {tail + 60, 60}};
    CHECK(sys_readv(out, pieces, 2), -EFAULT);
    CHECK(sys_writev(in, pieces, 2), -EFAULT);
    CHECK(waiting_bytes(out), 100);
    pieces[1].iov_len = 40;
    CHECK(sys_readv(out, pieces, 2), 90);
    CHECK(back[0] == bytes[100] && tail[99] == bytes[189], true);
    CHECK(sys_read(out, back, 100), 10);
    // Of more than one page, the whole pages before the bad one count.
    CHECK(sys_write(in, reinterpret_cast<char*>(memory + PAGE + 8), 2 * PAGE), PAGE);
    CHECK(sys_write(in, reinterpret_cast<char*>(memory + 8), 4 * PAGE), 2 * PAGE);
    CHECK(waiting_bytes(out), 3 * PAGE);
    CHECK(sys_read(out, reinterpret_cast<char*>(memory + PAGE + 8), 3 * PAGE), PAGE);
    CHECK(sys_read(out, back, sizeof back), 2 * PAGE);
    CHECK(sys_read(out, back, 1), -EAGAIN);
    // Two writes stand in the pipe as two pieces, unless the second fits into the first one's page.
    CHECK(sys_write(in, bytes, 3000), 3000);
    CHECK(sys_write(in, bytes + 3000, 3000), 3000);
    CHECK(sys_read(out, reinterpret_cast<char*>(memory + 3 * PAGE - 5000), 6000), 3000);
    CHECK(sys_read(out, back, 6000), 3000);
    uint64_t wrong = 0;
    for (size_t i = 0; i < 3000; i++) wrong += back[i] != bytes[3000 + i];
    CHECK(wrong, 0);
}
