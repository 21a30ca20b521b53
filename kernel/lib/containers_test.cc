// The vocabulary that holds things: List, UniquePtr, RefPtr.
#include <gtest/gtest.h>

#include <vector>

#include "lib/list.h"
#include "lib/ref_ptr.h"
#include "lib/unique_ptr.h"

namespace {

struct Item {
    explicit Item(int item_number) : number(item_number) {}

    int number;
    ListNode first_link;
    ListNode second_link;
};

using FirstList = List<Item, &Item::first_link>;
using SecondList = List<Item, &Item::second_link>;

template <typename AnyList>
std::vector<int> numbers(AnyList& list) {
    std::vector<int> result;
    for (const Item& item : list) {
        result.push_back(item.number);
    }
    return result;
}

TEST(List, KeepsTheOrderInWhichThingsWereInserted) {
    Item one(1), two(2), three(3), four(4);
    FirstList list;
    list.push_back(two);
    list.push_back(four);
    list.push_front(one);
    FirstList::insert_before(four, three);
    EXPECT_EQ(numbers(list), (std::vector{1, 2, 3, 4}));
    EXPECT_EQ(list.front(), &one);
    EXPECT_EQ(list.back(), &four);
    FirstList::remove(two);
    three.first_link.unlink();
    EXPECT_EQ(numbers(list), (std::vector{1, 4}));
    EXPECT_EQ(list.pop_front(), &one);
    EXPECT_EQ(list.pop_front(), &four);
    EXPECT_EQ(list.pop_front(), nullptr);
    EXPECT_TRUE(list.empty());
    EXPECT_EQ(list.front(), nullptr);
}

TEST(List, ObjectStandsInOneListByEachOfItsLinks) {
    Item item(1);
    FirstList first;
    SecondList second;
    first.push_back(item);
    second.push_back(item);
    EXPECT_EQ(first.pop_front(), &item);
    EXPECT_FALSE(item.first_link.is_linked());
    EXPECT_TRUE(item.second_link.is_linked());
    EXPECT_EQ(second.pop_front(), &item);
}

TEST(ListDeathTest, SecondInsertionAndRemovalOfAStrangerAreCaught) {
    Item item(1);
    FirstList list;
    EXPECT_EXIT(FirstList::remove(item), testing::ExitedWithCode(127), "is_linked");
    list.push_back(item);
    EXPECT_EXIT(list.push_back(item), testing::ExitedWithCode(127), "!is_linked");
    list.pop_front();
}

// Counts how many of its kind live.
struct Counted {
    explicit Counted(int& counter) : living(counter) { living++; }
    ~Counted() { living--; }
    int& living;
};

TEST(UniquePtr, ObjectDiesOnceWithItsOnlyOwner) {
    int living = 0;
    {
        UniquePtr<Counted> first(new Counted(living));
        UniquePtr<Counted> second(std::move(first));
        EXPECT_FALSE(first);
        EXPECT_EQ(second->living, 1);
        second = UniquePtr<Counted>(new Counted(living));
        EXPECT_EQ(living, 1);
        UniquePtr<Counted> third(second.release());
        EXPECT_EQ(third.get(), &*third);
    }
    EXPECT_EQ(living, 0);
}

struct Shared : lib::RefCounted<Shared>, Counted {
    using Counted::Counted;
};

TEST(RefPtr, ObjectDiesWithTheLastOwner) {
    int living = 0;
    RefPtr<Shared> first = lib::adopt_ref(new Shared(living));
    RefPtr<Shared> second = first;
    RefPtr<Shared> third(*first);
    EXPECT_EQ(first, third);
    first = RefPtr<Shared>();
    second = std::move(third);
    EXPECT_FALSE(third);
    EXPECT_EQ(second->living, 1);
    second = RefPtr<Shared>();
    EXPECT_EQ(living, 0);
}

TEST(RefPtrDeathTest, NothingCannotBeFollowed) {
    EXPECT_EXIT(static_cast<void>(*RefPtr<Shared>()), testing::ExitedWithCode(127), "nullptr");
    EXPECT_EXIT(static_cast<void>(*UniquePtr<int>()), testing::ExitedWithCode(127), "nullptr");
}

}  // namespace
