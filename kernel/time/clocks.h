// The clocks by their numbers (clock_gettime(2)), and times as programs pass them. For the clock calls.
#pragma once
#include <linux/time.h>
#include <linux/time_types.h>

#include <cstdint>

#include "core/clock.h"

namespace time {

inline constexpr uint64_t kLongestNs = INT64_MAX;  // 292 years; longer ones are cut to it

inline __kernel_timespec to_timespec(uint64_t ns) {
    return {static_cast<long long>(ns / core::kNsPerSecond),
            static_cast<long long>(ns % core::kNsPerSecond)};
}

inline bool is_valid(const __kernel_timespec& time) {
    return time.tv_sec >= 0 && static_cast<uint64_t>(time.tv_nsec) < core::kNsPerSecond;
}

inline uint64_t to_ns(const __kernel_timespec& time) {
    const auto seconds = static_cast<uint64_t>(time.tv_sec);
    if (seconds >= kLongestNs / core::kNsPerSecond) return kLongestNs;
    return seconds * core::kNsPerSecond + static_cast<uint64_t>(time.tv_nsec);
}

// Effect: what this clock shows, in ns; its number is one of Linux's. Context: a system call.
uint64_t read_clock(int clock);

}  // namespace time
