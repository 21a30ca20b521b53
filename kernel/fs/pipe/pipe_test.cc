// Pipes whose ends never wait: what one end gives is what the other takes. Nobody sleeps on the host.
#include "sync/sync_test.h"

#include "fs/pipe/pipe.h"

#include <asm/poll.h>
#include <gtest/gtest.h>
#include <linux/fcntl.h>

#include "fs/ram/memory_sample.h"

namespace fs {
namespace {

class Pipes : public testing::Test {
protected:
    void SetUp() override { ends_ = MUST(make_pipe(O_NONBLOCK)); }
    void TearDown() override {
        ends_ = {};
        EXPECT_EQ(host::frames.size(), 0u);
    }

    // How many bytes went in, numbered on from those before; or the error as a negative number.
    long put(size_t size) {
        std::vector<uint8_t> bytes(size);
        for (size_t i = 0; i < size; i++) bytes[i] = static_cast<uint8_t>((put_ + i) * 7 >> 3);
        mm::IoBuffer from;
        from.add_kernel(bytes);
        const auto done = ends_.writing->write_on(from);
        if (!done) return -static_cast<long>(done.error());
        put_ += *done;
        return static_cast<long>(*done);
    }

    long take(size_t size) {
        std::vector<uint8_t> bytes(size);
        mm::IoBuffer to;
        to.add_kernel(bytes);
        const auto done = ends_.reading->read_on(to);
        if (!done) return -static_cast<long>(done.error());
        for (size_t i = 0; i < *done; i++) {
            EXPECT_EQ(bytes[i], static_cast<uint8_t>((taken_ + i) * 7 >> 3)) << taken_ + i;
        }
        taken_ += *done;
        return static_cast<long>(*done);
    }

    PipeEnds ends_;
    size_t put_ = 0;
    size_t taken_ = 0;
};

TEST_F(Pipes, BytesComeInTheirOrderAroundTheRing) {
    for (size_t i = 0; i < 400; i++) {
        const long size = static_cast<long>(1 + i * 997 % 4096);
        ASSERT_EQ(put(static_cast<size_t>(size)), size);
        ASSERT_GT(take(1 + i * 1009 % 6000), 0);
        while (put_ - taken_ > 50000) ASSERT_GT(take(9000), 0);
    }
    while (taken_ < put_) ASSERT_GT(take(70000), 0);
    EXPECT_LE(host::frames.size(), 1u);
}

TEST_F(Pipes, FullAndEmptyAreTold) {
    EXPECT_EQ(take(1), -EAGAIN);
    EXPECT_EQ(ends_.reading->events(), 0u);
    EXPECT_EQ(put(100000), 65536);
    EXPECT_EQ(ends_.writing->events(), 0u);
    EXPECT_EQ(put(1), -EAGAIN);
    EXPECT_EQ(take(4096), 4096);
    EXPECT_EQ(ends_.writing->events(), unsigned{POLLOUT | POLLWRNORM});
    EXPECT_EQ(put(4096), 4096);
    EXPECT_EQ(take(100000), 65536);
}

TEST_F(Pipes, SmallWritesAreWholeOrNotAtAll) {
    EXPECT_EQ(put(65536), 65536);
    EXPECT_EQ(take(4000), 4000);
    EXPECT_EQ(put(4096), -EAGAIN);
    EXPECT_EQ(put(4000), -EAGAIN);  // a page that is not empty yet is no room
    EXPECT_EQ(take(96), 96);
    EXPECT_EQ(put(4000), 4000);
    EXPECT_EQ(put(96), 96);
    EXPECT_EQ(put(1), -EAGAIN);
}

TEST_F(Pipes, EndsThatHaveLeftAreTold) {
    EXPECT_EQ(put(10), 10);
    ends_.writing = {};
    EXPECT_EQ(ends_.reading->events(), unsigned{POLLIN | POLLRDNORM | POLLHUP});
    EXPECT_EQ(take(100), 10);
    EXPECT_EQ(take(100), 0);
    ends_ = MUST(make_pipe(O_NONBLOCK));
    ends_.reading = {};
    EXPECT_EQ(put(1), -EPIPE);
    EXPECT_EQ(ends_.writing->events(), unsigned{POLLOUT | POLLWRNORM | POLLERR});
}

TEST_F(Pipes, AnotherCapacityKeepsWhatIsThere) {
    EXPECT_EQ(put(60000), 60000);
    EXPECT_EQ(take(20000), 20000);
    EXPECT_EQ(put(20000), 20000);
    EXPECT_EQ(ends_.writing->set_pipe_capacity(30000).error(), Errno{EBUSY});
    EXPECT_EQ(MUST(ends_.reading->set_pipe_capacity(65537)), 131072);
    EXPECT_EQ(put(131072), 65536);  // sixteen pages are begun, and sixteen are free
    EXPECT_EQ(take(200000), 60000 + 65536);
    EXPECT_EQ(ends_.writing->set_pipe_capacity(1 << 21).error(), Errno{EPERM});
}

TEST_F(Pipes, WithoutMemoryNothingIsLost) {
    host::allocations_until_failure = 1;
    EXPECT_EQ(put(20000), -ENOMEM);
    EXPECT_EQ(put(20000), 20000);
    host::allocations_until_failure = 1;
    EXPECT_EQ(ends_.writing->set_pipe_capacity(131072).error(), Errno{ENOMEM});
    EXPECT_EQ(take(30000), 20000);
}

}  // namespace
}  // namespace fs
