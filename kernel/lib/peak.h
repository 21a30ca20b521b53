// A number that goes up and down, and the most that it has ever been.
#pragma once
#include <cstdint>

namespace lib {

class Peak {
public:
    // Modulo 2⁶⁴: what is less than nothing is subtracted.
    void add(uint64_t count) {
        now_ += count;
        if (now_ > most_) most_ = now_;
    }
    void subtract(uint64_t count) { now_ -= count; }

    uint64_t now() const { return now_; }
    uint64_t most() const { return most_; }

private:
    uint64_t now_ = 0, most_ = 0;
};

}  // namespace lib
