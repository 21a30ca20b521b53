// Shared ownership: an object counts its owners and dies with the last of them.
//
//   class File : public lib::RefCounted<File> { ... };
//   auto file = lib::adopt_ref(new File(...));
//
// Counting is safe from any thread; the object's other members need their own lock.
#pragma once

#include <type_traits>
#include <utility>
#include "lib/atomic.h"

#include "lib/assert.h"

namespace lib {

template <typename T>
class RefPtr;
template <typename T>
RefPtr<T> share_living(T& object);

// `T` is the class that derives from it. A new object has one owner: whoever made it.
template <typename T>
class RefCounted {
public:
    RefCounted(const RefCounted&) = delete;
    RefCounted& operator=(const RefCounted&) = delete;

protected:
    RefCounted() = default;
    ~RefCounted() = default;

    bool has_one_owner() const { return owners_.load() == 1; }

private:
    template <typename>
    friend class RefPtr;
    template <typename U>
    friend RefPtr<U> share_living(U& object);

    // Whoever adds an owner is one itself, so the object lives: nothing to order.
    void add_owner() { owners_.fetch_add(1, lib::Order::kRelaxed); }

    // False if there is no owner any more: the object is being deleted.
    bool add_owner_of_living() {
        unsigned owners = owners_.load(lib::Order::kRelaxed);
        while (owners != 0 && !owners_.compare_exchange(owners, owners + 1)) {
        }
        return owners != 0;
    }

    // What the other owners did to the object must have happened before the last one deletes it.
    void remove_owner() {
        const unsigned before = owners_.fetch_add(-1u, lib::Order::kAll);
        ASSERT(before != 0);
        if (before == 1) {
            delete static_cast<T*>(this);
        }
    }

    lib::Atomic<unsigned> owners_{1};
};

template <typename T>
class RefPtr {
public:
    RefPtr() = default;
    explicit RefPtr(T& object) : object_(&object) { object_->add_owner(); }
    RefPtr(const RefPtr& other) : object_(other.object_) {
        if (object_ != nullptr) {
            object_->add_owner();
        }
    }
    RefPtr(RefPtr&& other) : object_(std::exchange(other.object_, nullptr)) {}
    // An owner of a derived object is one of its base; the base's destructor is virtual then.
    template <typename Derived>
    requires std::is_convertible_v<Derived*, T*> RefPtr(RefPtr<Derived> other)
        : object_(std::exchange(other.object_, nullptr)) {}
    RefPtr& operator=(RefPtr other) {
        std::swap(object_, other.object_);
        return *this;
    }
    ~RefPtr() {
        if (object_ != nullptr) {
            object_->remove_owner();
        }
    }

    // Whether nobody else owns the object. It stays so if nobody can find it.
    bool is_only_owner() const { return object_->owners_.load() == 1; }

    // Gives this owner's share away: whoever takes the pointer is the owner now (adopt_ref).
    [[nodiscard]] T* release() { return std::exchange(object_, nullptr); }

    explicit operator bool() const { return object_ != nullptr; }
    bool operator==(const RefPtr&) const = default;
    T* get() const { return object_; }
    T& operator*() const { return *operator->(); }
    T* operator->() const {
        ASSERT(object_ != nullptr);
        return object_;
    }

private:
    template <typename>
    friend class RefPtr;
    template <typename U>
    friend RefPtr<U> adopt_ref(U* object);

    T* object_ = nullptr;
};

// Makes the first owner of a new object.
template <typename T>
RefPtr<T> adopt_ref(T* object) {
    RefPtr<T> owner;
    owner.object_ = object;
    return owner;
}

// One owner more of an object whose last owner may just have gone; none then. Context: the caller holds a
// lock under which the object's destructor takes it out of where the caller found it.
template <typename T>
RefPtr<T> share_living(T& object) {
    return object.add_owner_of_living() ? adopt_ref(&object) : RefPtr<T>();
}

}  // namespace lib

using lib::RefPtr;
