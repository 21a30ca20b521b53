// SipHash-2-4 of 64-bit little-endian words (Aumasson and Bernstein, 2012). Used by check.cc only.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace cairn {

struct SipKey {
    uint64_t low, high;
};

inline uint64_t siphash(SipKey key, const uint64_t* words, size_t count) {
    uint64_t v0 = key.low ^ 0x736f6d6570736575, v1 = key.high ^ 0x646f72616e646f6d;
    uint64_t v2 = key.low ^ 0x6c7967656e657261, v3 = key.high ^ 0x7465646279746573;
    auto rotate = [](uint64_t x, int by) { return x << by | x >> (64 - by); };
    auto round = [&] {
        v0 += v1, v1 = rotate(v1, 13) ^ v0, v0 = rotate(v0, 32);
        v2 += v3, v3 = rotate(v3, 16) ^ v2;
        v0 += v3, v3 = rotate(v3, 21) ^ v0;
        v2 += v1, v1 = rotate(v1, 17) ^ v2, v2 = rotate(v2, 32);
    };
    auto absorb = [&](uint64_t word) {
        v3 ^= word;
        round(), round();
        v0 ^= word;
    };
    for (size_t i = 0; i < count; i++) absorb(words[i]);
    absorb(count * 8 << 56);  // the last block: no bytes left over, and the length of all
    v2 ^= 0xff;
    round(), round(), round(), round();
    return v0 ^ v1 ^ v2 ^ v3;
}

}  // namespace cairn
