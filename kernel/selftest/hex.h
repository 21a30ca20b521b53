// Test arguments as numbers and bytes.
#pragma once
#include <cstdint>
#include <span>

#include "lib/text.h"

namespace selftest {

// The value of a digit, or 16.
constexpr unsigned hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
    return 16;
}

// The number that leading hexadecimal digits make.
constexpr uint64_t hex_number(lib::Text text) {
    uint64_t number = 0;
    for (const char c : text) {
        if (hex_digit(c) > 15) break;
        number = number << 4 | hex_digit(c);
    }
    return number;
}

// The number that leading decimal digits make.
constexpr uint64_t decimal_number(lib::Text text) {
    uint64_t number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') break;
        number = number * 10 + static_cast<uint64_t>(c - '0');
    }
    return number;
}

// Pairs of digits as bytes, as many as fit; returns how many.
constexpr size_t hex_bytes(lib::Text text, std::span<uint8_t> bytes) {
    size_t count = 0;
    while (count < bytes.size() && 2 * count + 1 < text.size()) {
        bytes[count] =
            static_cast<uint8_t>(hex_digit(text[2 * count]) << 4 | hex_digit(text[2 * count + 1]));
        count++;
    }
    return count;
}

}  // namespace selftest
