// The functions that a compiler expects even where there is no C library: it calls them to copy,
// fill and compare. Word by word where both sides are aligned alike, else byte by byte.
#include <cstddef>
#include <cstdint>

// The compiler must not recognise these loops and turn memcpy into a call of memcpy.
#ifdef __clang__
#define PLAIN_LOOPS [[clang::no_builtin]]
#else
#define PLAIN_LOOPS __attribute__((optimize("no-tree-loop-distribute-patterns")))
#endif

namespace {

using Word [[gnu::may_alias]] = std::uint64_t;
using Byte = unsigned char;
constexpr std::uintptr_t kWordMask = sizeof(Word) - 1;

bool is_word_aligned(const void* pointer) {
    return (reinterpret_cast<std::uintptr_t>(pointer) & kWordMask) == 0;
}

bool aligned_alike(const void* a, const void* b) {
    const auto difference =
        reinterpret_cast<std::uintptr_t>(a) ^ reinterpret_cast<std::uintptr_t>(b);
    return (difference & kWordMask) == 0;
}

// Upwards, one after the other: memmove counts on that.
inline void copy_eight(Word* to, const Word* from) {
    to[0] = from[0], to[1] = from[1], to[2] = from[2], to[3] = from[3];
    to[4] = from[4], to[5] = from[5], to[6] = from[6], to[7] = from[7];
}

}  // namespace

extern "C" {

PLAIN_LOOPS void* memcpy(void* to, const void* from, std::size_t size) {
    auto* target = static_cast<Byte*>(to);
    const auto* source = static_cast<const Byte*>(from);
    if (aligned_alike(target, source)) {
        for (; size > 0 && !is_word_aligned(target); size--) {
            *target++ = *source++;
        }
        // Pages are copied with this: eight words a round cost half as much as one.
        for (; size >= 8 * sizeof(Word); size -= 8 * sizeof(Word)) {
            copy_eight(reinterpret_cast<Word*>(target), reinterpret_cast<const Word*>(source));
            target += 8 * sizeof(Word);
            source += 8 * sizeof(Word);
        }
        for (; size >= sizeof(Word); size -= sizeof(Word)) {
            *reinterpret_cast<Word*>(target) = *reinterpret_cast<const Word*>(source);
            target += sizeof(Word);
            source += sizeof(Word);
        }
    }
    for (; size > 0; size--) {
        *target++ = *source++;
    }
    return to;
}

PLAIN_LOOPS void* memmove(void* to, const void* from, std::size_t size) {
    auto* target = static_cast<Byte*>(to);
    const auto* source = static_cast<const Byte*>(from);
    // Forwards is right unless the target begins inside the source (this difference wraps).
    if (reinterpret_cast<std::uintptr_t>(target) - reinterpret_cast<std::uintptr_t>(source) >=
        size) {
        return memcpy(to, from, size);
    }
    target += size;
    source += size;
    if (aligned_alike(target, source)) {
        for (; size > 0 && !is_word_aligned(target); size--) {
            *--target = *--source;
        }
        for (; size >= sizeof(Word); size -= sizeof(Word)) {
            target -= sizeof(Word);
            source -= sizeof(Word);
            *reinterpret_cast<Word*>(target) = *reinterpret_cast<const Word*>(source);
        }
    }
    for (; size > 0; size--) {
        *--target = *--source;
    }
    return to;
}

PLAIN_LOOPS void* memset(void* to, int value, std::size_t size) {
    auto* target = static_cast<Byte*>(to);
    const auto byte = static_cast<Byte>(value);
    for (; size > 0 && !is_word_aligned(target); size--) {
        *target++ = byte;
    }
    const Word word = byte * Word{0x0101010101010101};
    // Boot zeroes user memory with this: eight words a round make it half as long.
    for (; size >= 8 * sizeof(Word); size -= 8 * sizeof(Word)) {
        auto* words = reinterpret_cast<Word*>(target);
        words[0] = words[1] = words[2] = words[3] = word;
        words[4] = words[5] = words[6] = words[7] = word;
        target += 8 * sizeof(Word);
    }
    for (; size >= sizeof(Word); size -= sizeof(Word)) {
        *reinterpret_cast<Word*>(target) = word;
        target += sizeof(Word);
    }
    for (; size > 0; size--) {
        *target++ = byte;
    }
    return to;
}

PLAIN_LOOPS int memcmp(const void* left, const void* right, std::size_t size) {
    const auto* a = static_cast<const Byte*>(left);
    const auto* b = static_cast<const Byte*>(right);
    for (; size > 0; size--, a++, b++) {
        if (*a != *b) {
            return *a - *b;
        }
    }
    return 0;
}

PLAIN_LOOPS std::size_t strlen(const char* text) {
    std::size_t length = 0;
    while (text[length] != '\0') {
        length++;
    }
    return length;
}

}  // extern "C"
