#include "sync/sync_test.h"

#include "fs/descriptors.h"

#include <gtest/gtest.h>
#include <linux/fcntl.h>

#include "fs/directory.h"
#include "fs/ram/memory_sample.h"

namespace fs {
namespace {

constexpr uint64_t kLimit = 1024;

RefPtr<File> some_file() {
    return MUST(MUST(lib::make_ref<Directory>(FileSystem::kRoot, 0755, nullptr))->open(O_RDONLY));
}

class Descriptors : public testing::Test {
protected:
    int open(RefPtr<File> file, int lowest = 0, uint64_t limit = kLimit) {
        const Fd fd = MUST(table_.reserve(lowest, limit));
        table_.publish(fd, std::move(file), OnExec::kKeep);
        return fd.value();
    }

    DescriptorTable table_;
};

TEST_F(Descriptors, SmallestFreeNumberIsTaken) {
    const RefPtr<File> file = some_file();
    for (int i = 0; i < 40; i++) EXPECT_EQ(open(file), i);
    MUST(table_.remove(Fd{7}));
    MUST(table_.remove(Fd{3}));
    EXPECT_EQ(open(file, 5), 7);
    EXPECT_EQ(open(file), 3);
    EXPECT_EQ(open(file), 40);
    EXPECT_EQ(open(file, 500), 500);
    EXPECT_EQ(open(file), 41);
}

TEST_F(Descriptors, NumberThatIsNotOpenIsEbadf) {
    open(some_file());
    for (const int fd : {-1, 1, 15, 16, 5000, INT_MAX, INT_MIN}) {
        EXPECT_EQ(table_.find(Fd{fd}).error(), Errno{EBADF}) << fd;
        EXPECT_EQ(table_.remove(Fd{fd}).error(), Errno{EBADF}) << fd;
        EXPECT_EQ(table_.on_exec(Fd{fd}).error(), Errno{EBADF}) << fd;
    }
}

TEST_F(Descriptors, LimitIsEmfile) {
    const RefPtr<File> file = some_file();
    for (int i = 0; i < 20; i++) open(file, 0, 20);
    EXPECT_EQ(table_.reserve(0, 20).error(), Errno{EMFILE});
    EXPECT_EQ(table_.reserve(30, 20).error(), Errno{EMFILE});
    EXPECT_EQ(open(file, 0, 21), 20);
    EXPECT_EQ(table_.replace(Fd{21}, file, OnExec::kKeep, 21).error(), Errno{EBADF});
}

TEST_F(Descriptors, ReservedNumberIsNobodysYet) {
    const RefPtr<File> file = some_file();
    const Fd fd = MUST(table_.reserve(0, kLimit));
    EXPECT_EQ(table_.find(fd).error(), Errno{EBADF});
    EXPECT_EQ(table_.remove(fd).error(), Errno{EBADF});
    EXPECT_EQ(table_.replace(fd, file, OnExec::kKeep, kLimit).error(), Errno{EBUSY});
    EXPECT_EQ(open(file), 1);
    table_.cancel(fd);
    EXPECT_EQ(open(file), 0);
}

TEST_F(Descriptors, ReplacingReturnsWhatWasThere) {
    const RefPtr<File> first = some_file();
    const RefPtr<File> second = some_file();
    EXPECT_FALSE(MUST(table_.replace(Fd{100}, first, OnExec::kClose, kLimit)));
    EXPECT_EQ(MUST(table_.on_exec(Fd{100})), OnExec::kClose);
    EXPECT_EQ(MUST(table_.replace(Fd{100}, second, OnExec::kKeep, kLimit)), first);
    EXPECT_EQ(MUST(table_.on_exec(Fd{100})), OnExec::kKeep);
    EXPECT_EQ(MUST(table_.find(Fd{100})), second);
    EXPECT_EQ(open(first), 0);
}

TEST_F(Descriptors, NoMemoryLosesNothing) {
    const RefPtr<File> file = some_file();
    for (int i = 0; i < 16; i++) open(file);
    host::allocations_until_failure = 1;
    EXPECT_EQ(table_.reserve(0, kLimit).error(), Errno{ENOMEM});
    host::allocations_until_failure = 1;
    EXPECT_EQ(table_.replace(Fd{16}, file, OnExec::kKeep, kLimit).error(), Errno{ENOMEM});
    EXPECT_EQ(open(file), 16);
    EXPECT_EQ(MUST(table_.find(Fd{15})), file);
}

TEST_F(Descriptors, CopyHasTheSameFilesAndAWillOfItsOwn) {
    const RefPtr<File> file = some_file();
    for (int i = 0; i < 20; i++) open(file);
    MUST(table_.set_on_exec(Fd{7}, OnExec::kClose));
    MUST(table_.remove(Fd{3}));
    const Fd reserved = MUST(table_.reserve(0, kLimit));  // 3
    const RefPtr<DescriptorTable> copy = MUST(table_.clone());
    EXPECT_EQ(MUST(copy->find(Fd{19})), file);
    EXPECT_EQ(MUST(copy->on_exec(Fd{7})), OnExec::kClose);
    EXPECT_EQ(MUST(copy->reserve(0, kLimit)), reserved);
    MUST(copy->remove(Fd{0}));
    EXPECT_EQ(MUST(table_.find(Fd{0})), file);
    table_.cancel(reserved);
    for (const unsigned failing : {1U, 2U}) {
        host::allocations_until_failure = failing;
        EXPECT_EQ(table_.clone().error(), Errno{ENOMEM});
    }
}

TEST_F(Descriptors, ExecClosesWhatSaysSo) {
    const RefPtr<File> file = some_file();
    for (int i = 0; i < 20; i++) open(file);
    for (const int fd : {0, 7, 19}) MUST(table_.set_on_exec(Fd{fd}, OnExec::kClose));
    table_.close_on_exec();
    for (const int fd : {0, 7, 19}) EXPECT_EQ(table_.find(Fd{fd}).error(), Errno{EBADF});
    EXPECT_EQ(MUST(table_.find(Fd{1})), file);
    EXPECT_EQ(open(file), 0);
}

}  // namespace
}  // namespace fs
