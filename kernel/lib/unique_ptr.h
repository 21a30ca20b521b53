// The only owner of an object. It can be moved, not copied; the object dies with its owner.
#pragma once

#include <utility>

#include "lib/assert.h"

namespace lib {

template <typename T>
class UniquePtr {
public:
    UniquePtr() = default;
    explicit UniquePtr(T* object) : object_(object) {}
    UniquePtr(UniquePtr&& other) : object_(other.release()) {}
    UniquePtr& operator=(UniquePtr&& other) {
        if (this != &other) {
            delete std::exchange(object_, other.release());
        }
        return *this;
    }
    UniquePtr(const UniquePtr&) = delete;  // an object has one owner: std::move() it, or lend a T&
    UniquePtr& operator=(const UniquePtr&) = delete;
    ~UniquePtr() { delete object_; }

    explicit operator bool() const { return object_ != nullptr; }
    T* get() const { return object_; }
    T& operator*() const { return *operator->(); }
    T* operator->() const {
        ASSERT(object_ != nullptr);
        return object_;
    }

    // Gives the object away: whoever takes the pointer is its owner now.
    [[nodiscard]] T* release() { return std::exchange(object_, nullptr); }

private:
    T* object_ = nullptr;
};

}  // namespace lib

using lib::UniquePtr;
