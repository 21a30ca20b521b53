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

template <typename T>
class [[nodiscard]] Result {
    static_assert(!std::is_reference_v<T> && !std::is_same_v<T, Errno>);

 public:
    constexpr Result(T value) : storage_(std::move(value)) {}
    constexpr Result(Errno error) : storage_(error) { ASSERT(error != Errno{}); }

    constexpr bool has_value() const { return storage_.error_ == Errno{}; }
    constexpr explicit operator bool() const { return has_value(); }
    constexpr Errno error() const { return storage_.error_; }  // Errno{0} if there is a value
    constexpr T& value() & {
        ASSERT(has_value());
        return storage_.value_;
    }
    constexpr T&& value() && { return std::move(value()); }
    constexpr T& operator*() & { return value(); }
    constexpr T* operator->() { return &value(); }

 private:
    std::conditional_t<std::is_trivially_copyable_v<T>, PlainStorage<T>, OwningStorage<T>> storage_;
};

// `return {};` says that all went well.
template <>
class [[nodiscard]] Result<void> {
 public:
    constexpr Result() = default;
    constexpr Result(Errno error) : error_(error) { ASSERT(error != Errno{}); }

    constexpr bool has_value() const { return error_ == Errno{}; }
    constexpr explicit operator bool() const { return has_value(); }
    constexpr Errno error() const { return error_; }
    constexpr void value() const { ASSERT(has_value()); }

 private:
    Errno error_{};
};

}  // namespace lib

// Two of the words that the whole kernel uses without saying where they come from.
using lib::Errno;
using lib::Result;

// clang-format off: a compiler that complains about TRY shows one of these lines.
// The value of `expression`, or at once `return` its error.
#define TRY(...) ({                                                                                \
    auto&& try_result_ = (__VA_ARGS__);                                                            \
    if (!try_result_) [[unlikely]]                                                                 \
        return try_result_.error(); /* TRY works in functions that return Result */                \
    static_cast<decltype(try_result_)&&>(try_result_).value(); })

// The value of `expression`, which cannot fail here; if it does, the kernel panics.
#define MUST(...) ({                                                                               \
    auto&& must_result_ = (__VA_ARGS__);                                                           \
    if (!must_result_) [[unlikely]]                                                                \
        PANIC("{} failed with error {}", #__VA_ARGS__, static_cast<int>(must_result_.error()));    \
    static_cast<decltype(must_result_)&&>(must_result_).value(); })
// clang-format on
