#include "sync/sync_test.h"

#include "task/pids.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <vector>

namespace task {
namespace {

class Pids : public testing::Test {
protected:
    ~Pids() override {
        for (auto& entry : entries_) {
            if (entry->node.is_linked()) table_.remove(*entry);
        }
    }
    // The number given, or -1.
    int add() {
        entries_.push_back(std::make_unique<PidEntry>());
        return table_.add(*entries_.back()) ? entries_.back()->number : -1;
    }
    void remove(int number) { table_.remove(*table_.find(number)); }

    PidTable table_;
    std::vector<std::unique_ptr<PidEntry>> entries_;
};

TEST_F(Pids, NumbersGoUpFromOne) {
    EXPECT_EQ(add(), 1);
    EXPECT_EQ(add(), 2);
    remove(2);
    EXPECT_EQ(add(), 3);
    EXPECT_EQ(table_.find(2), nullptr);
    EXPECT_EQ(table_.find(3)->number, 3);
    EXPECT_EQ(table_.find(-1), nullptr);
}

TEST_F(Pids, ComeRoundAtTheLimitAndLeaveOutTheSystemsOwn) {
    ASSERT_TRUE(table_.set_limit(400));
    for (int i = 1; i < 400; i++) ASSERT_EQ(add(), i);
    remove(5);
    EXPECT_EQ(add(), -1);  // numbers below 300 are given once only
    remove(350);
    remove(320);
    EXPECT_EQ(add(), 320);
    EXPECT_EQ(add(), 350);
    EXPECT_EQ(table_.add(*std::make_unique<PidEntry>()).error(), Errno{EAGAIN});
}

TEST_F(Pids, NumberInUseIsNeverGivenAgain) {
    ASSERT_TRUE(table_.set_limit(512));
    std::set<int> taken;
    uint64_t random = 1;
    for (int i = 0; i < 5000; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        const int number = add();
        if (number < 0) {
            remove(*taken.begin());
            taken.erase(taken.begin());
            continue;
        }
        EXPECT_LT(number, 512);
        EXPECT_TRUE(taken.insert(number).second) << number;
        if (random >> 62 != 0) {
            remove(number);
            taken.erase(number);
        }
    }
}

TEST_F(Pids, LimitStaysInItsBounds) {
    EXPECT_EQ(table_.set_limit(300).error(), Errno{EINVAL});
    EXPECT_EQ(table_.set_limit(4194305).error(), Errno{EINVAL});
    EXPECT_TRUE(table_.set_limit(301));
    EXPECT_TRUE(table_.set_limit(4194304));
    EXPECT_EQ(table_.limit(), 4194304);
}

TEST_F(Pids, LimitBelowTheNextNumberSendsItRound) {
    for (int i = 1; i < 1000; i++) ASSERT_EQ(add(), i);
    for (int i = 310; i < 320; i++) remove(i);
    ASSERT_TRUE(table_.set_limit(500));
    EXPECT_EQ(add(), 310);
}

}  // namespace
}  // namespace task
