// A borrowed piece of text: a pointer and a length, no NUL needed. (std::string_view would do, but
// its header costs more than all of ours together.)
#pragma once

#include <cstddef>

namespace lib {

class Text {
public:
    constexpr Text() = default;
    constexpr Text(const char* data, std::size_t size) : data_(data), size_(size) {}
    // NOLINTNEXTLINE: literals and other NUL-terminated strings are texts without a word.
    constexpr Text(const char* terminated)
        : data_(terminated), size_(__builtin_strlen(terminated)) {}

    constexpr const char* data() const { return data_; }
    constexpr std::size_t size() const { return size_; }
    constexpr bool empty() const { return size_ == 0; }
    constexpr const char* begin() const { return data_; }
    constexpr const char* end() const { return data_ + size_; }
    constexpr char operator[](std::size_t index) const { return data_[index]; }

    // Both stop at the end of the text if `count` goes beyond it.
    constexpr Text first(std::size_t count) const { return {data_, count < size_ ? count : size_}; }
    constexpr Text without_first(std::size_t count) const {
        return count < size_ ? Text{data_ + count, size_ - count} : Text{data_ + size_, 0};
    }

    // The index of the first `wanted`, or size().
    constexpr std::size_t find(char wanted) const {
        std::size_t index = 0;
        while (index < size_ && data_[index] != wanted) {
            index++;
        }
        return index;
    }

    constexpr bool starts_with(Text prefix) const { return first(prefix.size_) == prefix; }

    friend constexpr bool operator==(Text a, Text b) {
        if (a.size_ != b.size_) {
            return false;
        }
        for (std::size_t index = 0; index < a.size_; index++) {
            if (a.data_[index] != b.data_[index]) {
                return false;
            }
        }
        return true;
    }

    // Cuts the text at the first `separator`: returns what stands before it and keeps what stands
    // behind it. Without a separator, returns everything and keeps nothing.
    constexpr Text take_until(char separator) {
        const Text taken = first(find(separator));
        *this = without_first(taken.size_ + 1);
        return taken;
    }

private:
    const char* data_ = "";
    std::size_t size_ = 0;
};

}  // namespace lib
