// Pseudo-random numbers from a seed: the same seed, the same numbers, on every machine. For schedules
// and tests; never for secrets. (The generator is SplitMix64, Steele, Lea and Flood 2014.)
#pragma once
#include <cstdint>

namespace lib {

class Random {
public:
    constexpr explicit Random(std::uint64_t seed) : state_(seed) {}

    constexpr std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    // A number from 0 to limit - 1; limit is not 0. The bias is below limit / 2^64.
    constexpr std::uint64_t below(std::uint64_t limit) {
        return static_cast<std::uint64_t>((static_cast<unsigned __int128>(next()) * limit) >> 64);
    }

private:
    std::uint64_t state_;
};

}  // namespace lib
