// Errors as values: a function that can fail returns Result<T>, a T or a Linux error number.
//
//   Result<long> write(Fd fd, UserBuffer buffer) {
//       File* file = TRY(files.find(fd));      // fails? then this function returns that error
//       if (!file->writable()) return Errno{EBADF};
//       ...
//       return written;
//   }
//
// The shape is std::expected's, which the oldest compiler we support does not have.
#pragma once

#include <asm/errno.h>

#include <new>
#include <type_traits>
#include <utility>

#include "lib/assert.h"

namespace lib {

// An error number of Linux: Errno{ENOENT}. Distinct from int, so a length is never taken for one.
enum class Errno : int {};

// Results of plain values travel in two registers; others run T's constructors and destructor.
template <typename T>
struct PlainStorage {
    constexpr explicit PlainStorage(T value) : value_(value) {}
    constexpr explicit PlainStorage(Errno error) : error_(error) {}

    union {
        T value_;
        char none_ = 0;
    };
    Errno error_{};  // 0: there is a value
};

template <typename T>
struct OwningStorage {
    explicit OwningStorage(T value) : value_(std::move(value)) {}
    explicit OwningStorage(Errno error) : error_(error) {}
    OwningStorage(OwningStorage&& other) : error_(other.error_) {
        if (error_ == Errno{}) {
            new (&value_) T(std::move(other.value_));
        }
    }
    OwningStorage& operator=(OwningStorage&&) = delete;
    ~OwningStorage() {
        if (error_ == Errno{}) {
            value_.~T();
        }
    }

    union {
        T value_;
    };
    Errno error_{};
};

// What the compiler says about a call whose Result is dropped.
#define LIB_RESULT_IS_LOOKED_AT "it may hold an error: write TRY(...) or MUST(...) around the call"

template <typename T>
class [[nodiscard(LIB_RESULT_IS_LOOKED_AT)]] Result {
    static_assert(!std::is_reference_v<T> && !std::is_same_v<T, Errno>);

public:
    constexpr Result(T value) : storage_(std::move(value)) {}
    constexpr Result(Errno error) : storage_(error) { ASSERT(error != Errno{}); }

    constexpr bool has_value() const { return storage_.error_ == Errno{}; }
    constexpr explicit operator bool() const { return has_value(); }
    constexpr Errno error() const { return storage_.error_; }  // Errno{0} if there is a value
    constexpr T& value() {
        ASSERT(has_value());
        return storage_.value_;
    }
    constexpr const T& value() const { return const_cast<Result*>(this)->value(); }
    constexpr T take() { return std::move(value()); }  // moves the value out
    constexpr T& operator*() { return value(); }
    constexpr const T& operator*() const { return value(); }
    constexpr T* operator->() { return &value(); }
    constexpr const T* operator->() const { return &value(); }

private:
    std::conditional_t<std::is_trivially_copyable_v<T>, PlainStorage<T>, OwningStorage<T>> storage_;
};

// `return {};` says that all went well.
template <>
class [[nodiscard(LIB_RESULT_IS_LOOKED_AT)]] Result<void> {
public:
    constexpr Result() = default;
    constexpr Result(Errno error) : error_(error) { ASSERT(error != Errno{}); }

    constexpr bool has_value() const { return error_ == Errno{}; }
    constexpr explicit operator bool() const { return has_value(); }
    constexpr Errno error() const { return error_; }
    constexpr void take() const { ASSERT(has_value()); }

private:
    Errno error_{};
};

}  // namespace lib

// Two of the words that the whole kernel uses without saying where they come from.
using lib::Errno;
using lib::Result;

// The value of `expression`, or at once `return` its error. (A compiler that complains about TRY
// shows a line of these.)
// clang-format off
#define TRY(expression...) LIB_TRY_AS_(LIB_FRESH_NAME_(__COUNTER__), expression)
#define LIB_TRY_AS_(result, expression...) ({                                                      \
    auto&& result = (expression);                                                                  \
    if (!result) [[unlikely]]                                                                      \
        return result.error(); /* TRY works only in a function that returns Result */              \
    result.take(); })

// The value of `expression`, which cannot fail here; if it does, the kernel panics.
#define MUST(expression...) LIB_MUST_AS_(LIB_FRESH_NAME_(__COUNTER__), #expression, expression)
#define LIB_MUST_AS_(result, text, expression...) ({                                               \
    auto&& result = (expression);                                                                  \
    if (!result) [[unlikely]]                                                                      \
        PANIC("{} failed with error {}", text, static_cast<int>(result.error()));                  \
    result.take(); })
// clang-format on

// A name of its own for each, so that one TRY may stand inside another.
#define LIB_FRESH_NAME_(number) LIB_JOIN_(result_, number)
#define LIB_JOIN_(a, b) a##b
