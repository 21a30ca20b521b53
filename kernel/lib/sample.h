// For tests and fuzzers: blobs are built byte by byte, then handed to a parser.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "lib/byte_reader.h"
#include "lib/text.h"

namespace lib {

using Blob = std::vector<std::byte>;

inline void append(Blob& blob, const void* data, std::size_t size) {
    const auto* bytes = static_cast<const std::byte*>(data);
    blob.insert(blob.end(), bytes, bytes + size);
}

inline void append(Blob& blob, std::string_view text) { append(blob, text.data(), text.size()); }

template <typename T>
void append_object(Blob& blob, const T& object) {
    append(blob, &object, sizeof(object));
}

inline void pad(Blob& blob, std::size_t alignment) {
    blob.resize((blob.size() + alignment - 1) / alignment * alignment);
}

inline Text as_text(std::string_view text) { return {text.data(), text.size()}; }

inline std::string as_string(Text text) { return {text.data(), text.size()}; }

// Calls `look` with every cut-off beginning of the blob, and with copies of it in which one byte
// was changed. Each copy is an allocation of its own, so that the sanitizer sees every step outside.
template <typename Look>
void spoil(const Blob& blob, Look look) {
    for (std::size_t size = 0; size < blob.size(); size++) {
        look(Blob(blob.begin(), blob.begin() + static_cast<std::ptrdiff_t>(size)));
    }
    for (std::size_t index = 0; index < blob.size(); index++) {
        for (const unsigned flip : {0x01U, 0x04U, 0x80U, 0xffU}) {
            Blob changed = blob;
            changed[index] ^= static_cast<std::byte>(flip);
            look(changed);
        }
    }
}

}  // namespace lib
