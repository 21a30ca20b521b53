// Arithmetic on numbers that come from outside: overflow is an answer, not a surprise.
#pragma once

#include <concepts>

#include "lib/assert.h"
#include "lib/result.h"

namespace lib {

// a + b, or EOVERFLOW.
template <std::integral T>
constexpr Result<T> checked_add(T a, std::type_identity_t<T> b) {
    T sum{};
    if (__builtin_add_overflow(a, b, &sum)) {
        return Errno{EOVERFLOW};
    }
    return sum;
}

// a * b, or EOVERFLOW.
template <std::integral T>
constexpr Result<T> checked_multiply(T a, std::type_identity_t<T> b) {
    T product{};
    if (__builtin_mul_overflow(a, b, &product)) {
        return Errno{EOVERFLOW};
    }
    return product;
}

template <std::unsigned_integral T>
constexpr bool is_power_of_two(T value) {
    return value != 0 && (value & (value - 1)) == 0;
}

// `alignment` is a power of two in the three functions below.
template <std::unsigned_integral T>
constexpr T align_down(T value, std::type_identity_t<T> alignment) {
    ASSERT(is_power_of_two(alignment));
    return value & ~(alignment - 1);
}

template <std::unsigned_integral T>
constexpr bool is_aligned(T value, std::type_identity_t<T> alignment) {
    return align_down(value, alignment) == value;
}

// The next multiple of `alignment`, or EOVERFLOW if there is none.
template <std::unsigned_integral T>
constexpr Result<T> align_up(T value, std::type_identity_t<T> alignment) {
    return align_down(TRY(checked_add(value, alignment - 1)), alignment);
}

}  // namespace lib
