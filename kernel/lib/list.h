// A doubly linked list whose links lie in the objects: putting one in and taking one out cannot
// fail and allocates nothing. An object stands in at most one list by each of its links.
//
//   struct Thread { ListNode run_link; ... };
//   List<Thread, &Thread::run_link> ready;
//   ready.push_back(thread);
//
// The list borrows its objects. Whoever uses it from several threads holds the lock of its owner.
#pragma once

#include <cstddef>

#include "lib/assert.h"

namespace lib {

// The link inside an object. It stays where it is: its neighbours point to it.
class ListNode {
public:
    constexpr ListNode() = default;
    ListNode(const ListNode&) = delete;
    ListNode& operator=(const ListNode&) = delete;
    ~ListNode() { ASSERT(!is_linked()); }

    bool is_linked() const { return next_ != nullptr; }

    // Takes the object out of the list in which it stands.
    void unlink() {
        ASSERT(is_linked());
        previous_->next_ = next_;
        next_->previous_ = previous_;
        next_ = nullptr;
        previous_ = nullptr;
    }

private:
    template <typename T, ListNode T::*kLink>
    friend class List;

    void link_before(ListNode& position) {
        ASSERT(!is_linked());
        next_ = &position;
        previous_ = position.previous_;
        previous_->next_ = this;
        position.previous_ = this;
    }

    ListNode* next_ = nullptr;
    ListNode* previous_ = nullptr;
};

template <typename T, ListNode T::*kLink>
class List {
public:
    template <typename Object>
    class Walk {
    public:
        Object& operator*() const { return object_of(*node_); }
        Object* operator->() const { return &object_of(*node_); }
        Walk& operator++() {
            node_ = node_->next_;
            return *this;
        }
        bool operator==(const Walk&) const = default;

    private:
        friend class List;
        explicit Walk(ListNode* node) : node_(node) {}
        ListNode* node_;
    };
    using Iterator = Walk<T>;
    using ConstIterator = Walk<const T>;

    // The ring goes through head_, which is no object's link: an empty list points to itself.
    constexpr List() {
        head_.next_ = &head_;
        head_.previous_ = &head_;
    }
    ~List() {
        ASSERT(empty());
        head_.next_ = nullptr;
    }

    bool empty() const { return head_.next_ == &head_; }
    T* front() { return empty() ? nullptr : &object_of(*head_.next_); }
    T* back() { return empty() ? nullptr : &object_of(*head_.previous_); }
    Iterator begin() { return Iterator(head_.next_); }
    Iterator end() { return Iterator(&head_); }
    ConstIterator begin() const { return ConstIterator(head_.next_); }
    ConstIterator end() const { return ConstIterator(const_cast<ListNode*>(&head_)); }

    // The object behind `object`, which stands in this list; null behind the last.
    T* next(T& object) {
        ListNode* const after = (object.*kLink).next_;
        return after == &head_ ? nullptr : &object_of(*after);
    }

    void push_front(T& object) { (object.*kLink).link_before(*head_.next_); }
    void push_back(T& object) { (object.*kLink).link_before(head_); }
    static void insert_before(T& position, T& object) {
        (object.*kLink).link_before(position.*kLink);
    }
    static void remove(T& object) { (object.*kLink).unlink(); }

    T* pop_front() {
        T* first = front();
        if (first != nullptr) {
            remove(*first);
        }
        return first;
    }

private:
    // The reverse of object.*kLink. A pointer to a data member is its offset (Itanium C++ ABI 2.3).
    static T& object_of(ListNode& node) {
        const std::ptrdiff_t offset = __builtin_bit_cast(std::ptrdiff_t, kLink);
        return *reinterpret_cast<T*>(reinterpret_cast<char*>(&node) - offset);
    }

    ListNode head_;
};

}  // namespace lib

using lib::List;
using lib::ListNode;
