// Counting bits, for a CPU without instructions for it. The compiler calls these by name; they
// are libgcc's, whose riscv64 build uses the double-float calling convention and does not link
// with a kernel that uses no floating point.
#include <cstdint>

extern "C" {

int __popcountdi2(std::int64_t value) {
    int count = 0;
    for (auto rest = static_cast<std::uint64_t>(value); rest != 0; rest >>= 1) {
        count += static_cast<int>(rest & 1);
    }
    return count;
}

// Leading zeros; the argument is not 0. Each step halves the field in which the first one lies.
int __clzdi2(std::int64_t value) {
    auto rest = static_cast<std::uint64_t>(value);
    int count = 0;
    for (int width = 32; width > 0; width /= 2) {
        if (rest >> (64 - width) == 0) {
            rest <<= width;
            count += width;
        }
    }
    return count;
}

// Trailing zeros; the argument is not 0.
int __ctzdi2(std::int64_t value) {
    auto rest = static_cast<std::uint64_t>(value);
    int count = 0;
    for (int width = 32; width > 0; width /= 2) {
        if (rest << (64 - width) == 0) {
            rest >>= width;
            count += width;
        }
    }
    return count;
}

}  // extern "C"
