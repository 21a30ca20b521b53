// A pattern for memory that is free. Contract: mm/poison.h. Optimised in debug builds, too (build.mk):
// each frame and each object that is given out passes here.
#include "mm/poison.h"

#include <cstring>

#include "lib/atomic.h"

namespace mm {

void poison(void* memory, size_t bytes) {
    // CPUs that take their turns at the same time may take the same one.
    static constinit lib::Atomic<uint64_t> next{lib::kPoison};
    const uint64_t pattern = next.load(lib::Order::kRelaxed);
    next.store(~pattern, lib::Order::kRelaxed);
    memset(memory, static_cast<uint8_t>(pattern), bytes);
}

size_t first_change(const void* memory, size_t bytes) {
    const auto* words = static_cast<const uint64_t*>(memory);
    const size_t count = bytes / sizeof(uint64_t);
    if (count == 0) return 0;
    const uint64_t pattern = words[0];
    if (!lib::is_poison(pattern)) return 0;
    size_t at = 0;
    // Eight words a round; the round that holds the change is looked through below.
    for (; at + 8 <= count; at += 8) {
        uint64_t changed = 0;
        for (size_t i = 0; i < 8; i++) changed |= words[at + i] ^ pattern;
        if (changed != 0) break;
    }
    while (at < count && words[at] == pattern) at++;
    return at * sizeof(uint64_t);
}

}  // namespace mm
