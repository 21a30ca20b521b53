#include "lib/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace {

Result<int> half(int number) {
    if (number % 2 != 0) {
        return Errno{EDOM};
    }
    return number / 2;
}

Result<int> quarter(int number) { return TRY(half(TRY(half(number)))); }

TEST(Result, TryGivesTheValue) { EXPECT_EQ(quarter(12).value(), 3); }

TEST(Result, TryReturnsTheErrorAtOnce) {
    EXPECT_EQ(quarter(6).error(), Errno{EDOM});
    EXPECT_FALSE(quarter(6));
}

Result<std::unique_ptr<int>> make(bool works) {
    if (!works) {
        return Errno{ENOMEM};
    }
    return std::make_unique<int>(7);
}

Result<int> use(bool works) {
    const std::unique_ptr<int> number = TRY(make(works));
    return *number;
}

TEST(Result, ValueThatOnlyMovesIsMovedOut) {
    EXPECT_EQ(use(true).value(), 7);
    EXPECT_EQ(use(false).error(), Errno{ENOMEM});
}

TEST(Result, OwnedValueDiesWithItsResult) {
    auto shared = std::make_shared<int>(1);
    {
        Result<std::shared_ptr<int>> first(shared);
        const Result<std::shared_ptr<int>> second(std::move(first));
        EXPECT_EQ(shared.use_count(), 2);
        EXPECT_EQ(**second, 1);
    }
    EXPECT_EQ(shared.use_count(), 1);
}

Result<void> check(bool works) {
    if (!works) {
        return Errno{EPERM};
    }
    return {};
}

Result<void> check_twice(bool works) {
    TRY(check(true));
    TRY(check(works));
    return {};
}

TEST(Result, VoidResultSaysOnlyWhetherItWorked) {
    EXPECT_TRUE(check_twice(true));
    EXPECT_EQ(check_twice(false).error(), Errno{EPERM});
}

TEST(Result, PlainResultFitsIntoTwoRegisters) {
    EXPECT_EQ(sizeof(Result<long>), 2 * sizeof(long));
    EXPECT_TRUE(std::is_trivially_copyable_v<Result<long>>);
}

TEST(ResultDeathTest, MustPanicsOnAnErrorAndShowsTheExpression) {
    EXPECT_EQ(MUST(half(4)), 2);
    EXPECT_EXIT(MUST(half(3)), testing::ExitedWithCode(127),
                "PANIC: half\\(3\\) failed with error 33 \\(.*result_test.cc:");
}

TEST(ResultDeathTest, ValueOfAnErrorIsAFailedAssertion) {
    EXPECT_EXIT(static_cast<void>(half(3).value()), testing::ExitedWithCode(127), "has_value");
}

}  // namespace
