// A text that its owner keeps: a copy on the heap, with a NUL behind it.
#pragma once

#include <cstring>
#include <new>

#include "lib/result.h"
#include "lib/text.h"

namespace lib {

class OwnedText {
public:
    OwnedText() = default;
    OwnedText(const OwnedText&) = delete;
    OwnedText& operator=(const OwnedText&) = delete;
    ~OwnedText() { delete[] bytes_; }

    // Effect: it is a copy of `text`, with `front` before it, from now on. ENOMEM. Once.
    Result<void> copy(Text text) { return copy("", text); }
    Result<void> copy(Text front, Text text) {
        size_ = front.size() + text.size();
        bytes_ = new (std::nothrow) char[size_ + 1];
        if (bytes_ == nullptr) return Errno{ENOMEM};
        memcpy(bytes_, front.data(), front.size());
        memcpy(bytes_ + front.size(), text.data(), text.size());
        bytes_[size_] = '\0';
        return {};
    }

    Text text() const { return {terminated(), size_}; }
    const char* terminated() const { return bytes_ == nullptr ? "" : bytes_; }

private:
    char* bytes_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace lib
