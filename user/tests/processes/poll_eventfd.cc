// A number that processes add to and wait for: eventfd(2).
#include <linux/fs.h>

#include "cairn/children.h"
#include "cairn/pipe.h"

static constexpr int kSemaphore = 1;

static int eventfd(unsigned count, int flags) {
    return static_cast<int>(system_call(__NR_eventfd2, count, flags, 0, 0, 0, 0));
}

TEST("An eventfd adds up what is written until it is read, at once or one by one.") {
    int fd = eventfd(5, O_NONBLOCK), semaphore = eventfd(2, kSemaphore | O_NONBLOCK);
    CHECK(put_word(fd, secret(0) & 0xFFFFFF), 8);
    CHECK(events_now(fd, POLLIN | POLLOUT), POLLIN | POLLOUT);
    CHECK(take_word(fd, 0), (secret(0) & 0xFFFFFF) + 5);
    CHECK(events_now(fd, POLLIN | POLLOUT), POLLOUT);
    char small[8];
    CHECK(sys_read(fd, small, 8), -EAGAIN);
    CHECK(sys_read(fd, small, 7), -EINVAL);
    CHECK(sys_write(fd, small, 7), -EINVAL);
    CHECK(put_word(fd, UINT64_MAX), -EINVAL);
    CHECK(put_word(fd, UINT64_MAX - 1), 8);
    CHECK(put_word(fd, 1), -EAGAIN);
    CHECK(put_word(fd, 0), 8);
    CHECK(events_now(fd, POLLIN | POLLOUT), POLLIN);
    CHECK(take_word(semaphore, 0) + take_word(semaphore, 0), 2);
    CHECK(sys_read(semaphore, small, 8), -EAGAIN);
    CHECK(sys_lseek(fd, 5, SEEK_SET), 0);
    CHECK(eventfd(0, 2), -EINVAL);
    int shared_fd = eventfd(0, 0);
    long child = start_child([&] {
        sleep_us(3000);
        put_word(shared_fd, 77);
        return 0;
    });
    CHECK(take_word(shared_fd, 0), 77);
    CHECK(wait_for(child), exited(0));
}
