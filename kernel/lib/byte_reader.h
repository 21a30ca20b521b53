// Reading a blob that somebody else made: every access is checked against its end, and a blob
// that is too short is an error (EINVAL) instead of a look at the memory behind it.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "lib/result.h"
#include "lib/text.h"

namespace lib {

using Bytes = std::span<const std::byte>;

// `size` bytes from `offset`; EINVAL if they do not all lie in the blob.
inline Result<Bytes> slice(Bytes blob, std::uint64_t offset, std::uint64_t size) {
    if (offset > blob.size() || size > blob.size() - offset) {
        return Errno{EINVAL};
    }
    return blob.subspan(offset, size);
}

// A copy of the T at `offset`, in the CPU's own byte order. A copy, because nothing in a blob is
// sure to be aligned.
template <typename T>
requires std::is_trivially_copyable_v<T> Result<T> object_at(Bytes blob, std::uint64_t offset) {
    const Bytes bytes = TRY(slice(blob, offset, sizeof(T)));
    T object;
    __builtin_memcpy(&object, bytes.data(), sizeof(T));
    return object;
}

// Reads a blob from its beginning to its end. What fails moves nothing.
class ByteReader {
public:
    explicit ByteReader(Bytes blob) : blob_(blob) {}

    std::size_t offset() const { return offset_; }
    std::size_t remaining() const { return blob_.size() - offset_; }

    Result<Bytes> bytes(std::uint64_t size) {
        const Bytes taken = TRY(slice(blob_, offset_, size));
        offset_ += taken.size();
        return taken;
    }

    // The most significant byte comes first.
    template <std::unsigned_integral T>
    Result<T> big_endian() {
        T number = 0;
        for (const std::byte byte : TRY(bytes(sizeof(T)))) {
            number = static_cast<T>(number << 8 | static_cast<T>(byte));
        }
        return number;
    }

    // Text that ends with a NUL, which is read but not returned.
    Result<Text> terminated_text() {
        const Text rest{reinterpret_cast<const char*>(blob_.data()) + offset_, remaining()};
        const Text text = rest.first(rest.find('\0'));
        TRY(bytes(text.size() + 1));
        return text;
    }

    // Skips to the next multiple of `alignment` (a power of two) from the beginning of the blob.
    Result<void> align(std::size_t alignment) {
        TRY(bytes((alignment - offset_ % alignment) % alignment));
        return {};
    }

private:
    Bytes blob_;
    std::size_t offset_ = 0;
};

}  // namespace lib
