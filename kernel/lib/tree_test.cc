// The balanced tree: its order, its shape, and what its objects know of their subtrees.
#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <vector>

#include "lib/random.h"
#include "lib/tree.h"

namespace {

struct Item {
    explicit Item(std::uint64_t item_key) : key(item_key) {}

    std::uint64_t key;
    std::uint64_t weight = 0;
    std::uint64_t heaviest = 0;  // of the subtree
    lib::TreeNode node;
};

std::uint64_t heaviest_of(const Item& item, const Item* left, const Item* right) {
    return std::max({item.weight, left != nullptr ? left->heaviest : 0,
                     right != nullptr ? right->heaviest : 0});
}

struct Rules {
    static std::uint64_t key(const Item& item) { return item.key; }
    static bool update(Item& item, const Item* left, const Item* right) {
        const std::uint64_t before = std::exchange(item.heaviest, heaviest_of(item, left, right));
        return before != item.heaviest;
    }
};

using Tree = lib::Tree<Item, &Item::node, Rules>;

std::vector<std::uint64_t> keys(const Tree& tree) {
    std::vector<std::uint64_t> result;
    for (const Item* item = tree.first(); item != nullptr; item = Tree::next(*item)) {
        result.push_back(item->key);
    }
    return result;
}

std::vector<std::uint64_t> keys_backwards(const Tree& tree) {
    std::vector<std::uint64_t> result;
    for (const Item* item = tree.last(); item != nullptr; item = Tree::previous(*item)) {
        result.push_back(item->key);
    }
    return result;
}

// Checks one subtree by looking at every node, and returns its height.
int checked_height(const Item* item) {
    if (item == nullptr) return 0;
    const Item* left = Tree::left(*item);
    const Item* right = Tree::right(*item);
    EXPECT_TRUE(left == nullptr || Tree::parent(*left) == item);
    EXPECT_TRUE(right == nullptr || Tree::parent(*right) == item);
    EXPECT_EQ(item->heaviest, heaviest_of(*item, left, right));
    const int left_height = checked_height(left);
    const int right_height = checked_height(right);
    EXPECT_LE(std::abs(left_height - right_height), 1);
    return 1 + std::max(left_height, right_height);
}

void empty_out(Tree& tree) {
    while (tree.root() != nullptr) tree.remove(*tree.root());
}

TEST(Tree, KeepsItsObjectsInTheOrderOfTheirKeys) {
    Item five(5), one(1), three(3), four(4);
    Tree tree;
    EXPECT_EQ(tree.first(), nullptr);
    EXPECT_EQ(tree.last(), nullptr);
    for (Item* item : {&five, &one, &three, &four}) tree.insert(*item);
    EXPECT_EQ(keys(tree), (std::vector<std::uint64_t>{1, 3, 4, 5}));
    EXPECT_EQ(keys_backwards(tree), (std::vector<std::uint64_t>{5, 4, 3, 1}));
    EXPECT_EQ(tree.first_not_below(0), &one);
    EXPECT_EQ(tree.first_not_below(2), &three);
    EXPECT_EQ(tree.first_not_below(3), &three);
    EXPECT_EQ(tree.first_not_below(6), nullptr);
    tree.remove(three);
    EXPECT_FALSE(three.node.is_linked());
    EXPECT_EQ(keys(tree), (std::vector<std::uint64_t>{1, 4, 5}));
    empty_out(tree);
}

TEST(Tree, ObjectWithTheKeyOfAnotherGoesBehindIt) {
    Item first(7), second(7), third(7);
    Tree tree;
    for (Item* item : {&first, &second, &third}) tree.insert(*item);
    EXPECT_EQ(tree.first(), &first);
    EXPECT_EQ(Tree::next(first), &second);
    EXPECT_EQ(Tree::next(second), &third);
    EXPECT_EQ(tree.first_not_below(7), &first);
    empty_out(tree);
}

TEST(Tree, TenThousandInARowAreAtMostSixteenDeep) {
    std::list<Item> items;
    Tree tree;
    for (std::uint64_t key = 0; key < 10'000; key++) tree.insert(items.emplace_back(key));
    EXPECT_LE(checked_height(tree.root()), 16);
    for (Item& item : items) {
        if (item.key % 8 != 0) tree.remove(item);
    }
    EXPECT_LE(checked_height(tree.root()), 14);
    empty_out(tree);
}

TEST(Tree, ChangedObjectIsKnownToAllAboveIt) {
    std::list<Item> items;
    Tree tree;
    for (std::uint64_t key = 0; key < 100; key++) tree.insert(items.emplace_back(key));
    items.back().weight = 10;
    tree.refresh(items.back());
    EXPECT_EQ(tree.root()->heaviest, 10u);
    items.back().weight = 3;
    tree.refresh(items.back());
    EXPECT_EQ(tree.root()->heaviest, 3u);
    empty_out(tree);
}

TEST(Tree, RandomChangesKeepOrderBalanceAndKnowledge) {
    for (std::uint64_t seed = 1; seed <= 40; seed++) {
        lib::Random random(seed);
        std::list<Item> items;
        std::vector<std::uint64_t> model;
        Tree tree;
        for (int step = 0; step < 400; step++) {
            if (items.empty() || random.below(5) < 3) {
                Item& item = items.emplace_back(random.below(200));
                item.weight = random.below(1000);
                tree.insert(item);
                model.insert(std::upper_bound(model.begin(), model.end(), item.key), item.key);
            } else {
                auto victim =
                    std::next(items.begin(), static_cast<long>(random.below(items.size())));
                tree.remove(*victim);
                model.erase(std::lower_bound(model.begin(), model.end(), victim->key));
                items.erase(victim);
            }
            checked_height(tree.root());
            ASSERT_EQ(keys(tree), model) << "seed " << seed << " step " << step;
            const std::uint64_t wanted = random.below(220);
            const auto expected = std::lower_bound(model.begin(), model.end(), wanted);
            const Item* found = tree.first_not_below(wanted);
            ASSERT_EQ(found == nullptr, expected == model.end());
            if (found != nullptr) {
                ASSERT_EQ(found->key, *expected);
            }
        }
        ASSERT_EQ(keys_backwards(tree), std::vector(model.rbegin(), model.rend()));
        empty_out(tree);
    }
}

}  // namespace
