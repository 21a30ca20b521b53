// A balanced, ordered tree whose links lie in the objects: putting one in and taking one out cannot
// fail and allocates nothing. An object stands in at most one tree by each of its nodes.
//
//   struct Rules {
//       static uint64_t key(const Vma& vma) { return vma.begin; }
//       static bool update(Vma& vma, const Vma* left, const Vma* right);
//   };
//   using Tree = lib::Tree<Vma, &Vma::node, Rules>;
//
// update() keeps what an object knows of the subtree below it: it computes that anew from the object
// and its two children and says whether it changed. An object without such knowledge returns false.
// The tree borrows its objects. Whoever uses it from several threads holds the lock of its owner.
#pragma once

#include <cstddef>
#include <cstdint>

#include "lib/assert.h"

namespace lib {

// The node inside an object. It stays where it is: its neighbours point to it.
class TreeNode {
public:
    TreeNode() = default;
    TreeNode(const TreeNode&) = delete;
    TreeNode& operator=(const TreeNode&) = delete;
    ~TreeNode() { ASSERT(!is_linked()); }

    bool is_linked() const { return height_ != 0; }

private:
    template <typename T, TreeNode T::*kNode, typename Rules>
    friend class Tree;

    TreeNode* parent_ = nullptr;
    TreeNode* left_ = nullptr;
    TreeNode* right_ = nullptr;
    int height_ = 0;  // nodes on the longest way down, this one counted; 0: in no tree
};

// An AVL tree: the heights of two siblings differ by one at most, so n objects are at most
// 1.44 * log2(n) deep.
template <typename T, TreeNode T::*kNode, typename Rules>
class Tree {
public:
    Tree() = default;
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;
    ~Tree() { ASSERT(empty()); }

    bool empty() const { return root_ == nullptr; }

    // For walks from the top: all keys left of an object are not above its own, those right of it not
    // below. Null: there is none.
    T* root() const { return object_of(root_); }
    static T* left(const T& object) { return object_of((object.*kNode).left_); }
    static T* right(const T& object) { return object_of((object.*kNode).right_); }
    static T* parent(const T& object) { return object_of((object.*kNode).parent_); }

    // In the order of the keys; null behind either end.
    T* first() const { return root_ == nullptr ? nullptr : object_of(leftmost(root_)); }
    T* last() const { return root_ == nullptr ? nullptr : object_of(rightmost(root_)); }
    static T* next(const T& object) {
        TreeNode* node = node_of(object);
        if (node->right_ != nullptr) return object_of(leftmost(node->right_));
        while (node->parent_ != nullptr && node == node->parent_->right_) node = node->parent_;
        return object_of(node->parent_);
    }
    static T* previous(const T& object) {
        TreeNode* node = node_of(object);
        if (node->left_ != nullptr) return object_of(rightmost(node->left_));
        while (node->parent_ != nullptr && node == node->parent_->left_) node = node->parent_;
        return object_of(node->parent_);
    }

    // The first object whose key is not below `key`, or null.
    T* first_not_below(std::uint64_t key) const {
        TreeNode* found = nullptr;
        for (TreeNode* at = root_; at != nullptr;) {
            if (Rules::key(*object_of(at)) < key) {
                at = at->right_;
            } else {
                found = at;
                at = at->left_;
            }
        }
        return object_of(found);
    }

    // An object with the key of another goes behind it.
    void insert(T& object) {
        TreeNode* node = node_of(object);
        ASSERT(!node->is_linked());
        TreeNode* above = nullptr;
        TreeNode** place = &root_;
        while (*place != nullptr) {
            above = *place;
            place =
                Rules::key(object) < Rules::key(*object_of(above)) ? &above->left_ : &above->right_;
        }
        *place = node;
        node->parent_ = above;
        refresh_node(node);
        repair(above);
    }

    void remove(T& object) {
        TreeNode* node = node_of(object);
        ASSERT(node->is_linked());
        if (node->left_ == nullptr || node->right_ == nullptr) {
            replace(node, node->left_ != nullptr ? node->left_ : node->right_);
            repair(node->parent_);
        } else {
            put_next_in_place_of(node);
        }
        node->parent_ = node->left_ = node->right_ = nullptr;
        node->height_ = 0;
    }

    // To be called when update() of this object would come to another result because of the object
    // itself.
    void refresh(T& object) { repair(node_of(object)); }

private:
    static TreeNode* node_of(const T& object) { return &(const_cast<T&>(object).*kNode); }
    // The reverse. A pointer to a data member is its offset (Itanium C++ ABI 2.3).
    static T* object_of(TreeNode* node) {
        if (node == nullptr) return nullptr;
        const std::ptrdiff_t offset = __builtin_bit_cast(std::ptrdiff_t, kNode);
        return reinterpret_cast<T*>(reinterpret_cast<char*>(node) - offset);
    }

    static int height(const TreeNode* node) { return node == nullptr ? 0 : node->height_; }
    static int lean(const TreeNode* node) { return height(node->left_) - height(node->right_); }
    static TreeNode* leftmost(TreeNode* node) {
        while (node->left_ != nullptr) node = node->left_;
        return node;
    }
    static TreeNode* rightmost(TreeNode* node) {
        while (node->right_ != nullptr) node = node->right_;
        return node;
    }

    // Puts `heir` (or nothing) where `node` hangs.
    void replace(TreeNode* node, TreeNode* heir) {
        if (node->parent_ == nullptr) {
            root_ = heir;
        } else if (node->parent_->left_ == node) {
            node->parent_->left_ = heir;
        } else {
            node->parent_->right_ = heir;
        }
        if (heir != nullptr) heir->parent_ = node->parent_;
    }

    // `node` has two children, so the next object has no left one: it can be taken out and moved up.
    void put_next_in_place_of(TreeNode* node) {
        TreeNode* heir = leftmost(node->right_);
        TreeNode* lowest_changed = heir;
        if (heir->parent_ != node) {
            lowest_changed = heir->parent_;
            replace(heir, heir->right_);
            heir->right_ = node->right_;
            heir->right_->parent_ = heir;
        }
        heir->left_ = node->left_;
        heir->left_->parent_ = heir;
        heir->height_ = node->height_;
        replace(node, heir);
        repair(lowest_changed);
        // Even if nothing changed below: it has other children now, and its parent another child.
        repair(heir);
        repair(heir->parent_);
    }

    // Computes anew what a node knows of its children, and says whether that changed.
    static bool refresh_node(TreeNode* node) {
        const int left_height = height(node->left_);
        const int right_height = height(node->right_);
        const int new_height = 1 + (left_height > right_height ? left_height : right_height);
        const bool higher = new_height != node->height_;
        node->height_ = new_height;
        const bool updated =
            Rules::update(*object_of(node), object_of(node->left_), object_of(node->right_));
        return higher || updated;
    }

    // Balances and refreshes from `node` upwards, as far as something changes.
    void repair(TreeNode* node) {
        while (node != nullptr) {
            TreeNode* above = node->parent_;
            const int leaning = lean(node);
            if (leaning > 1) {
                if (lean(node->left_) < 0) rotate_left(node->left_);
                rotate_right(node);
            } else if (leaning < -1) {
                if (lean(node->right_) > 0) rotate_right(node->right_);
                rotate_left(node);
            } else if (!refresh_node(node)) {
                return;
            }
            node = above;
        }
    }

    //       node            right
    //      /    \          /     \        The order of a, node, b, right, c stays.
    //     a    right  →  node     c
    //         /    \     /  \.
    //        b      c   a    b
    void rotate_left(TreeNode* node) {
        TreeNode* right = node->right_;
        replace(node, right);
        node->right_ = right->left_;
        if (node->right_ != nullptr) node->right_->parent_ = node;
        right->left_ = node;
        node->parent_ = right;
        refresh_node(node);
        refresh_node(right);
    }
    void rotate_right(TreeNode* node) {
        TreeNode* left = node->left_;
        replace(node, left);
        node->left_ = left->right_;
        if (node->left_ != nullptr) node->left_->parent_ = node;
        left->right_ = node;
        node->parent_ = left;
        refresh_node(node);
        refresh_node(left);
    }

    TreeNode* root_ = nullptr;
};

}  // namespace lib
